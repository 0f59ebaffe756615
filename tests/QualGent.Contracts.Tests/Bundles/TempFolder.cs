using System.Diagnostics;

namespace QualGent.Contracts.Tests.Bundles;

/// <summary>A folder of one test, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qualgent-bundle-");

    public string Path => _folder.FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content = "")
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), content);
        return At(name);
    }

    public void Link(string name, string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.CreateSymbolicLink(At(name), target);
    }

    /// <summary>Everything below: files with their content and whether they are executable, links with their text, empty folders.</summary>
    public SortedDictionary<string, string> Tree(string name = "")
    {
        var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(At(name)).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            var path = System.IO.Path.GetRelativePath(At(name), entry.FullName);
            if (entry.LinkTarget is not null)
            {
                tree[path] = "-> " + entry.LinkTarget;
            }
            else if (entry is FileInfo file)
            {
                tree[path] = (file.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? "x " : "  ") + Convert.ToHexString(File.ReadAllBytes(file.FullName));
            }
        }

        return tree;
    }

    /// <summary>Runs git here, undisturbed by the settings of whoever runs the tests.</summary>
    public void Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "init.defaultBranch=main", "-c", "user.name=t", "-c", "user.email=t@example.org", .. arguments])
        {
            WorkingDirectory = Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEndAsync();
        var error = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, output.GetAwaiter().GetResult() + error);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
