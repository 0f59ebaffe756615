using System.Globalization;
using QualGent.Contracts;
using QualGent.Contracts.Bundles;
using QualGent.Worker.Batches;

namespace QualGent.Worker.TestCode;

/// <summary>
/// Bundles as folders: each is unpacked once and shared by the batches that want it. When all together take too much room, those
/// go that were not wanted for the longest time, never one in use. Belongs to one process, like the agent's state folder.
/// </summary>
public sealed partial class BundleCache
{
    private const string Project = "project";
    private const string Seal = "seal";
    private const string DraftSuffix = ".new";
    private readonly string _root;
    private readonly long _bytesMax;
    private readonly Func<string, string, CancellationToken, Task<Stream>> _open;
    private readonly TimeProvider _time;
    private readonly ILogger<BundleCache> _logger;
    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);

    /// <summary>Takes the folder over from an earlier life.</summary>
    /// <param name="root">Folder of the cache.</param>
    /// <param name="bytesMax">Content of all unpacked bundles together; one that is in use may exceed it.</param>
    /// <param name="open">Opens the archive of an organisation's bundle; its digest has been compared.</param>
    /// <param name="time">Says when a bundle was wanted.</param>
    /// <param name="logger">Hears about entries that had to be made again.</param>
    public BundleCache(string root, long bytesMax, Func<string, string, CancellationToken, Task<Stream>> open, TimeProvider time, ILogger<BundleCache> logger)
    {
        (_root, _bytesMax, _open, _time, _logger) = (Path.GetFullPath(root), bytesMax, open, time, logger);
        Directory.CreateDirectory(_root);
        foreach (var draft in Directory.EnumerateDirectories(_root, "*" + DraftSuffix))
        {
            Delete(draft);
        }
    }

    /// <summary>A bundle, unpacked now unless it was before. It stays until it is disposed.</summary>
    /// <param name="orgId">Whose blob it is.</param>
    /// <param name="digest">SHA-256 of the archive.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BatchRefusedException">The archive is damaged or hostile.</exception>
    public async Task<UnpackedBundle> OpenAsync(string orgId, string digest, CancellationToken cancellationToken)
    {
        var use = Begin(digest);
        try
        {
            await use.Turn.WaitAsync(cancellationToken);
            try
            {
                var folder = Path.Combine(_root, digest);
                var snapshot = await ReadAsync(folder, cancellationToken) ?? await UnpackAsync(orgId, digest, folder, cancellationToken);
                Directory.SetLastWriteTimeUtc(folder, _time.GetUtcNow().UtcDateTime);
                Trim();
                return new UnpackedBundle(snapshot, () => End(digest, use));
            }
            finally
            {
                use.Turn.Release();
            }
        }
        catch
        {
            End(digest, use);
            throw;
        }
    }

    // Null where there is none, or where it is not what was unpacked: then it is gone.
    private async Task<FolderSnapshot?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var project = Path.Combine(folder, Project);
        if (ReadSeal(folder) is { } seal && Directory.Exists(project))
        {
            var snapshot = await FolderSnapshot.TakeAsync(project, cancellationToken);
            if (snapshot.Digest == seal.Digest)
            {
                return snapshot;
            }
        }

        LogDamaged(Path.GetFileName(folder));
        string leaving;
        lock (_uses)
        {
            leaving = SetAside(folder);
        }

        Delete(leaving);
        return null;
    }

    private async Task<FolderSnapshot> UnpackAsync(string orgId, string digest, string folder, CancellationToken cancellationToken)
    {
        var draft = $"{folder}.{Guid.NewGuid():N}{DraftSuffix}";
        try
        {
            Directory.CreateDirectory(draft);
            await using var archive = await _open(orgId, digest, cancellationToken);
            var project = Path.Combine(draft, Project);
            BundleUnpacker.Unpack(archive, project, UnpackLimits.Default, cancellationToken);
            var snapshot = await FolderSnapshot.TakeAsync(project, cancellationToken);
            var bytes = snapshot.Files.Keys.Sum(name => new FileInfo(Path.Combine(project, name)).Length);
            await File.WriteAllTextAsync(Path.Combine(draft, Seal), string.Create(CultureInfo.InvariantCulture, $"{snapshot.Digest} {bytes}"), cancellationToken);
            Directory.Move(draft, folder);
            return snapshot.MovedTo(Path.Combine(folder, Project));
        }
        catch (BundleException e)
        {
            throw BatchRefusedException.Failed(VerdictCodes.LoadError, $"Bundle {digest[..12]} cannot be unpacked. {e.Message}");
        }
        finally
        {
            Delete(draft);
        }
    }

    // Several may trim at once: within the lock no entry disappears but by the one who holds it.
    private void Trim()
    {
        var leaving = new List<string>();
        lock (_uses)
        {
            var entries = Directory.EnumerateDirectories(_root)
                .Where(folder => !folder.EndsWith(DraftSuffix, StringComparison.Ordinal))
                .Select(folder => (Folder: folder, Bytes: ReadSeal(folder)?.Bytes ?? 0))
                .OrderBy(entry => Directory.GetLastWriteTimeUtc(entry.Folder))
                .ToList();
            var excess = entries.Sum(entry => entry.Bytes) - _bytesMax;
            foreach (var (folder, bytes) in entries.Where(entry => !_uses.ContainsKey(Path.GetFileName(entry.Folder))))
            {
                if (excess <= 0)
                {
                    break;
                }

                leaving.Add(SetAside(folder));
                excess -= bytes;
            }
        }

        leaving.ForEach(Delete);
    }

    // Under a name of its own first, so that nobody finds half of it. The caller holds the lock.
    private static string SetAside(string folder)
    {
        var draft = $"{folder}.{Guid.NewGuid():N}{DraftSuffix}";
        Directory.Move(folder, draft);
        return draft;
    }

    // "9f86d0… 12345": digest of the names and contents, bytes.
    private static (string Digest, long Bytes)? ReadSeal(string folder)
    {
        var file = Path.Combine(folder, Seal);
        return File.Exists(file) && File.ReadAllText(file).Split(' ') is [var digest, var text] && long.TryParse(text, CultureInfo.InvariantCulture, out var bytes) ? (digest, bytes) : null;
    }

    private void Delete(string draft)
    {
        try
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogStays(draft, e.Message);
        }
    }

    private Use Begin(string digest)
    {
        lock (_uses)
        {
            if (!_uses.TryGetValue(digest, out var use))
            {
                _uses[digest] = use = new Use();
            }

            use.Count++;
            return use;
        }
    }

    private void End(string digest, Use use)
    {
        lock (_uses)
        {
            if (--use.Count == 0)
            {
                _uses.Remove(digest);
                use.Turn.Dispose();
            }
        }
    }

    [LoggerMessage(3501, LogLevel.Warning, "Bundle {Digest} in the cache is damaged and is unpacked again")]
    private partial void LogDamaged(string digest);

    [LoggerMessage(3502, LogLevel.Warning, "Folder {Folder} could not be deleted: {Reason}")]
    private partial void LogStays(string folder, string reason);

    private sealed class Use
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Count { get; set; }
    }
}
