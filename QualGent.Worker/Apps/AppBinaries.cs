using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Batches;
using QualGent.Worker.Blobs;
using QualGent.Worker.TestCode;

namespace QualGent.Worker.Apps;

/// <summary>An app build on this host.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">Its digest: what a device carries when this build is installed.</param>
/// <param name="Blob">What keeps the file in the cache; null for one that lies in the agent's own folder.</param>
public sealed record AppBinary(string Path, string Sha256, CachedBlob? Blob = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Blob?.Dispose();
}

/// <summary>
/// Finds app builds: the file that acceptance pinned, from the API; else below <c>Worker:AppRoot</c>, where digests are remembered
/// while size and time of a file stay the same.
/// </summary>
public sealed class AppBinaries(IOptions<WorkerOptions> options, BlobCache blobs)
{
    private readonly ConcurrentDictionary<string, (long Size, DateTime Written, string Sha256)> _known = new(StringComparer.Ordinal);

    /// <summary>The build of a batch; the caller disposes it when the batch has ended.</summary>
    /// <exception cref="BatchRefusedException">There is none, or it cannot be had.</exception>
    public async Task<AppBinary> FindAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (batch.AppDigest is { } pinned)
        {
            var blob = await blobs.GetAsync(batch.OrgId, pinned, cancellationToken);
            return new AppBinary(blob.Path, pinned, blob);
        }

        var (orgId, appVersionId) = (batch.OrgId, batch.AppVersionId);
        var root = Path.GetFullPath(options.Value.AppRoot);
        var name = $"{orgId}/{appVersionId}.apk";
        if (SafePath.Resolve(root, name) is not { } path || !File.Exists(path))
        {
            throw BatchRefusedException.Failed(VerdictCodes.NotFound, $"There is no app build '{name}' below Worker:AppRoot of agent '{options.Value.Name}'. Register it with qgjob app upload, put the APK there under that name, or check --app-version-id.");
        }

        var file = new FileInfo(path);
        if (_known.TryGetValue(path, out var known) && known.Size == file.Length && known.Written == file.LastWriteTimeUtc)
        {
            return new AppBinary(path, known.Sha256);
        }

        await using var stream = file.OpenRead();
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        _known[path] = (file.Length, file.LastWriteTimeUtc, digest);
        return new AppBinary(path, digest);
    }
}
