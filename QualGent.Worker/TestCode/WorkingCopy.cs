namespace QualGent.Worker.TestCode;

/// <summary>
/// The copy of a test project that one device works in: nothing is ever written into the tester's folder, and two devices
/// never share one. Only what changed is copied; what tests left behind is removed.
/// </summary>
public sealed class WorkingCopy(string folder)
{
    private const string Dependencies = "node_modules";

    /// <summary>Where it is.</summary>
    public string Folder { get; } = folder;

    /// <summary>Makes the copy equal to the snapshot, with a link to installed dependencies.</summary>
    public async Task SyncAsync(FolderSnapshot wanted, string dependencies, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        RemoveLink();
        OpenUp(new DirectoryInfo(Folder));
        var present = await FolderSnapshot.TakeAsync(Folder, cancellationToken);
        RemoveWhatIsNotWanted(new DirectoryInfo(Folder), wanted);
        foreach (var (name, digest) in wanted.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var target = Path.Combine(Folder, name);
            if (present.Files.GetValueOrDefault(name) != digest || new FileInfo(target).LinkTarget is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(SafePath.Resolve(wanted.Root, name)!, target, overwrite: true);
            }
        }

        Directory.CreateSymbolicLink(Path.Combine(Folder, Dependencies), Path.Combine(dependencies, Dependencies));
    }

    // A test may leave folders and files behind that even their owner may not change; the next batch must not stumble over them.
    private static void OpenUp(FileSystemInfo entry)
    {
        if (OperatingSystem.IsWindows() || entry.LinkTarget is not null)
        {
            return;
        }

        var needed = UnixFileMode.UserRead | UnixFileMode.UserWrite | (entry is DirectoryInfo ? UnixFileMode.UserExecute : UnixFileMode.None);
        if ((entry.UnixFileMode & needed) != needed)
        {
            entry.UnixFileMode |= needed;
        }

        foreach (var below in entry is DirectoryInfo folder ? folder.EnumerateFileSystemInfos() : [])
        {
            OpenUp(below);
        }
    }

    // The link itself, never what it points to.
    private void RemoveLink()
    {
        var link = Path.Combine(Folder, Dependencies);
        if (new FileInfo(link).LinkTarget is not null)
        {
            File.Delete(link);
        }
        else if (Directory.Exists(link))
        {
            Directory.Delete(link, recursive: true);
        }
    }

    private void RemoveWhatIsNotWanted(DirectoryInfo below, FolderSnapshot wanted)
    {
        foreach (var entry in below.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory)
            {
                RemoveWhatIsNotWanted(directory, wanted);
                if (!directory.EnumerateFileSystemInfos().Any())
                {
                    directory.Delete();
                }
            }
            else if (!wanted.Files.ContainsKey(Path.GetRelativePath(Folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/')) || entry.LinkTarget is not null)
            {
                entry.Delete();
            }
        }
    }
}
