using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Worker.Agent;

namespace QualGent.Worker.Blobs;

/// <summary>
/// Blobs of the API on the agent's disk, fetched once and shared by its devices. What is handed out has the right bytes: they
/// are compared with their digest every time. Over <c>Worker:BlobCacheBytes</c> the least recently used go, but none in use.
/// </summary>
public sealed partial class BlobCache(BlobDownload download, StateFolder state, IOptions<WorkerOptions> options, TimeProvider time, ILogger<BlobCache> logger)
{
    private const string DraftSuffix = ".new";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _inUse = new(StringComparer.Ordinal);
    private bool _isSwept;

    /// <summary>A blob of an organisation; the caller disposes it when the file is no longer needed.</summary>
    /// <exception cref="Batches.BatchRefusedException">The blob cannot be had: for the moment, or because the API has none.</exception>
    public async Task<CachedBlob> GetAsync(string orgId, string digest, CancellationToken cancellationToken)
    {
        var path = Path.Combine(state.Blobs, Name(orgId, digest));
        var entry = Enter(path);
        try
        {
            // Who comes second waits for the first one's download.
            await entry.Turn.WaitAsync(cancellationToken);
            try
            {
                if (!await IsRightAsync(path, digest, cancellationToken))
                {
                    await FetchAsync(orgId, digest, path, cancellationToken);
                }
            }
            finally
            {
                entry.Turn.Release();
            }

            File.SetLastAccessTimeUtc(path, time.GetUtcNow().UtcDateTime);
            Evict();
            return new CachedBlob(path, () => Leave(path));
        }
        catch
        {
            Leave(path);
            throw;
        }
    }

    // One organisation's file is never another's. The name holds nothing of the id that a file system could object to.
    private static string Name(string orgId, string digest) => $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(orgId)))[..16]}-{digest}";

    private async Task<bool> IsRightAsync(string path, string digest, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        await using (var file = File.OpenRead(path))
        {
            if (await BlobDigest.OfAsync(file, cancellationToken) == digest)
            {
                return true;
            }
        }

        LogCorrupt(path);
        File.Delete(path);
        return false;
    }

    private async Task FetchAsync(string orgId, string digest, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(state.Blobs);
        var draft = $"{path}.{Guid.NewGuid():N}{DraftSuffix}";
        try
        {
            var started = time.GetTimestamp();
            await download.FetchAsync(orgId, digest, draft, cancellationToken);
            File.Move(draft, path, overwrite: true);
            LogFetched(digest, new FileInfo(path).Length, time.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private Entry Enter(string path)
    {
        lock (_gate)
        {
            SweepDrafts();
            if (!_inUse.TryGetValue(path, out var entry))
            {
                _inUse[path] = entry = new Entry();
            }

            entry.Users++;
            return entry;
        }
    }

    private void Leave(string path)
    {
        lock (_gate)
        {
            if (--_inUse[path].Users == 0)
            {
                _inUse.Remove(path);
            }
        }

        Evict();
    }

    private void Evict()
    {
        lock (_gate)
        {
            var files = Files().Where(file => !file.Name.EndsWith(DraftSuffix, StringComparison.Ordinal)).OrderBy(file => file.LastAccessTimeUtc).ToList();
            var excess = files.Sum(file => file.Length) - options.Value.BlobCacheBytes;
            foreach (var file in files.Where(file => !_inUse.ContainsKey(file.FullName)))
            {
                if (excess <= 0)
                {
                    return;
                }

                excess -= file.Length;
                file.Delete();
                LogEvicted(file.Name);
            }
        }
    }

    // Drafts of an earlier life of the agent; nobody else uses the folder, and in this life there are none yet.
    private void SweepDrafts()
    {
        if (!_isSwept)
        {
            _isSwept = true;
            foreach (var file in Files().Where(file => file.Name.EndsWith(DraftSuffix, StringComparison.Ordinal)))
            {
                file.Delete();
            }
        }
    }

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(state.Blobs) is { Exists: true } folder ? folder.EnumerateFiles() : [];

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }

    [LoggerMessage(3401, LogLevel.Information, "Blob {Digest} fetched: {Bytes} bytes in {Seconds:F1} s")]
    private partial void LogFetched(string digest, long bytes, double seconds);

    [LoggerMessage(3402, LogLevel.Warning, "The cached blob {Path} has other bytes than its digest says; it is fetched again.")]
    private partial void LogCorrupt(string path);

    [LoggerMessage(3403, LogLevel.Information, "Blob {Name} left the cache, which is full (Worker:BlobCacheBytes)")]
    private partial void LogEvicted(string name);
}
