using System.Formats.Tar;
using System.Security.Cryptography;

namespace QualGent.Contracts.Bundles;

/// <summary>What was packed.</summary>
/// <param name="Digest">SHA-256 of the archive, 64 lower-case hex digits: the bundle's name.</param>
/// <param name="ArchiveBytes">Length of the archive.</param>
/// <param name="Files">Names packed, in ordinal order.</param>
public sealed record PackedBundle(string Digest, long ArchiveBytes, IReadOnlyList<string> Files);

/// <summary>
/// Packs a project folder into a tar.gz. Equal content gives equal bytes, wherever and whenever it is packed: names in ordinal
/// order, no times, no owners, and of the modes only whether the owner may execute a file.
/// </summary>
public static class BundlePacker
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Packs what <see cref="BundleFiles.List"/> names.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="archivePath">The archive, which is written anew.</param>
    /// <param name="cancellationToken">Ends the packing.</param>
    /// <exception cref="BundleException">The folder cannot travel as it is; the message says why.</exception>
    public static PackedBundle Pack(string folder, string archivePath, CancellationToken cancellationToken) =>
        Pack(folder, BundleFiles.List(folder, cancellationToken), archivePath, cancellationToken);

    /// <summary>Packs these files.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="files">Names relative to it, in any order.</param>
    /// <param name="archivePath">The archive, which is written anew.</param>
    /// <param name="cancellationToken">Ends the packing.</param>
    /// <exception cref="BundleException">The folder cannot travel as it is; the message says why.</exception>
    public static PackedBundle Pack(string folder, IEnumerable<string> files, string archivePath, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        var entries = files.Order(StringComparer.Ordinal).Select(name => new FileInfo(Path.Combine(root, name)) is var file ? (Name: name, File: file, file.LinkTarget) : default).ToList();
        Check(entries);
        using var archive = new FileStream(archivePath, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 128 * 1024);
        using var gzip = new StableGzip(archive);
        using (var tar = new TarWriter(gzip, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var (name, file, target) in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(tar, name, file, target);
            }
        }

        gzip.Complete();
        archive.Position = 0;
        return new PackedBundle(Convert.ToHexStringLower(SHA256.HashData(archive)), archive.Length, [.. entries.Select(entry => entry.Name)]);
    }

    private static void Check(List<(string Name, FileInfo File, string? LinkTarget)> entries)
    {
        var links = new BundleLinks();
        foreach (var (name, _, target) in entries)
        {
            if (BundlePath.Mistake(name) is { } mistake)
            {
                throw new BundleException($"'{BundlePath.Shown(name)}' {mistake} and cannot be packed. Rename it, or leave it out with a {BundleFiles.IgnoreFile}.");
            }

            if (target is not null)
            {
                links.Add(name, target);
            }
        }

        links.Check();
        BundleFiles.CheckSize([.. entries.Select(entry => (entry.Name, entry.LinkTarget is null ? entry.File.Length : 0))]);
    }

    private static void Add(TarWriter tar, string name, FileInfo file, string? target)
    {
        var entry = new GnuTarEntry(target is null ? TarEntryType.RegularFile : TarEntryType.SymbolicLink, name)
        {
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = target is null && IsExecutable(file) ? Executable : Plain,
        };
        if (target is not null)
        {
            entry.LinkName = target;
        }

        // What is empty is not opened: a pipe or a device looks like that, and would keep us waiting.
        using var content = target is null && file.Length > 0 ? Open(name, file) : null;
        if (content is not null)
        {
            entry.DataStream = content;
        }

        tar.WriteEntry(entry);
    }

    private static FileStream Open(string name, FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new BundleException($"'{BundlePath.Shown(name)}' cannot be read: {e.Message} Allow it, or leave the file out with a {BundleFiles.IgnoreFile}.", e);
        }
    }

    private static bool IsExecutable(FileInfo file) => !OperatingSystem.IsWindows() && (file.UnixFileMode & UnixFileMode.UserExecute) != 0;
}
