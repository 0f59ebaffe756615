using System.Formats.Tar;
using System.IO.Compression;

namespace QualGent.Contracts.Bundles;

/// <summary>
/// Unpacks archives that anybody may have made. Only files, folders and links that stay inside are taken; links are made last, so
/// nothing can be written through them. Whatever else is found, nothing is written outside and nothing is left behind.
/// </summary>
public static class BundleUnpacker
{
    /// <summary>Unpacks into a folder that does not exist yet. When this fails there is none.</summary>
    /// <param name="archive">The archive; its position must be readable.</param>
    /// <param name="folder">The new folder.</param>
    /// <param name="limits">How much may come out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BundleException">The archive is damaged or hostile; the message says which entry is at fault.</exception>
    /// <exception cref="IOException">The folder exists, or the disk is at fault.</exception>
    public static void Unpack(Stream archive, string folder, UnpackLimits limits, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        if (Path.Exists(root))
        {
            throw new IOException($"{root} exists already.");
        }

        Directory.CreateDirectory(root);
        try
        {
            using var inflated = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            using var bounded = new BoundedStream(inflated, archive, limits);
            new Unpacking(root, limits).Run(bounded, cancellationToken);
        }
        catch (Exception e)
        {
            Directory.Delete(root, recursive: true);
            if (IsOfTheArchive(e))
            {
                throw new BundleException("The archive is damaged, or no tar.gz: " + e.Message, e);
            }

            throw;
        }
    }

    // What the readers of gzip and tar throw about nonsense; BundleFuzzTests found some that nobody documents.
    private static bool IsOfTheArchive(Exception e) => e is InvalidDataException or EndOfStreamException or FormatException
        or ArgumentException or InvalidOperationException or OverflowException or NotSupportedException or OutOfMemoryException;

    private sealed class Unpacking(string root, UnpackLimits limits)
    {
        private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

        private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
        private readonly HashSet<string> _others = new(StringComparer.Ordinal);
        private readonly BundleLinks _links = new();

        public void Run(Stream archive, CancellationToken cancellationToken)
        {
            using var tar = new TarReader(archive, leaveOpen: true);
            while (tar.GetNextEntry(copyData: false) is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Take(entry);
            }

            // The checksum stands at the very end.
            archive.CopyTo(Stream.Null);
            if (_others.Count == 0)
            {
                throw new BundleException("The archive holds no file.");
            }

            _links.Check();
            foreach (var (name, target) in _links.All)
            {
                File.CreateSymbolicLink(Path.Combine(root, name), target);
            }
        }

        private void Take(TarEntry entry)
        {
            var name = entry.EntryType == TarEntryType.Directory ? entry.Name.TrimEnd('/') : entry.Name;
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Claim(name, isFolder: true);
                    Directory.CreateDirectory(Path.Combine(root, name));
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    Claim(name, isFolder: false);
                    Write(entry, Path.Combine(root, name));
                    break;
                case TarEntryType.SymbolicLink:
                    Claim(name, isFolder: false);
                    _links.Add(name, entry.LinkName);
                    break;
                default:
                    throw Refused(name, $"is of the kind {entry.EntryType}; only files, folders and symbolic links may be in a bundle");
            }
        }

        // The name becomes this entry's, if no other has it and what is above it are folders; those are made.
        private void Claim(string name, bool isFolder)
        {
            if (BundlePath.Mistake(name) is { } mistake)
            {
                throw Refused(name, mistake);
            }

            foreach (var parent in BundlePath.Parents(name))
            {
                if (_others.Contains(parent))
                {
                    throw Refused(name, $"lies below '{BundlePath.Shown(parent)}', which is no folder");
                }

                _folders.Add(parent);
            }

            if (_others.Contains(name) || (_folders.Contains(name) && !isFolder))
            {
                throw Refused(name, "is there twice");
            }

            (isFolder ? _folders : _others).Add(name);
            if (_folders.Count + _others.Count > limits.Entries)
            {
                throw new BundleException($"The archive has more than {limits.Entries} files and folders.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
        }

        private static void Write(TarEntry entry, string path)
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = (entry.Mode & UnixFileMode.UserExecute) == 0 ? Plain : Executable;
            }

            using var file = new FileStream(path, options);
            entry.DataStream?.CopyTo(file);
        }

        private static BundleException Refused(string name, string why) => new($"The archive is refused: '{BundlePath.Shown(name)}' {why}.");
    }
}
