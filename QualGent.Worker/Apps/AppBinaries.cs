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
/// Finds app builds: the file that acceptance pinned, from the API; else below <c>Worker:AppRoot</c>; else what the test project brings along.
/// Digests are remembered while size and time of a file stay the same.
/// </summary>
public sealed class AppBinaries(IOptions<WorkerOptions> options, BlobCache blobs)
{
    private readonly ConcurrentDictionary<string, (long Size, DateTime Written, string Sha256)> _known = new(StringComparer.Ordinal);

    /// <summary>The build that is registered or lies below <c>Worker:AppRoot</c>; null when there is none. The caller disposes it when the batch has ended.</summary>
    /// <exception cref="BatchRefusedException">It cannot be had.</exception>
    public async Task<AppBinary?> FindAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (batch.AppDigest is { } pinned)
        {
            var blob = await blobs.GetAsync(batch.OrgId, pinned, cancellationToken);
            return new AppBinary(blob.Path, pinned, blob);
        }

        return SafePath.Resolve(Path.GetFullPath(options.Value.AppRoot), NameOf(batch)) is { } path && File.Exists(path) ? await ReadAsync(path, cancellationToken) : null;
    }

    /// <summary>The build that the test project brings along.</summary>
    /// <param name="batch">For the message.</param>
    /// <param name="projectFolder">The project; nothing outside of it is taken.</param>
    /// <param name="buildPath">What its configuration names; null when it names none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="BatchRefusedException">There is none.</exception>
    public async Task<AppBinary> FindInProjectAsync(Batch batch, string projectFolder, string? buildPath, CancellationToken cancellationToken)
    {
        if (buildPath is null || SafePath.Resolve(projectFolder, Inside(projectFolder, buildPath)) is not { } path || !File.Exists(path))
        {
            var brought = buildPath is null ? "the project names no buildPath" : $"the project's buildPath '{buildPath}' is no file of it";
            throw BatchRefusedException.Failed(
                VerdictCodes.NotFound,
                $"There is no app build '{NameOf(batch)}' below Worker:AppRoot of agent '{options.Value.Name}', and {brought}. Register it with qgjob app upload, put the APK there under that name, or check --app-version-id.");
        }

        return await ReadAsync(path, cancellationToken);
    }

    private static string NameOf(Batch batch) => $"{batch.OrgId}/{batch.AppVersionId}.apk";

    // Configurations often make an absolute path of it, which is then one below the working copy.
    private static string Inside(string folder, string buildPath) => Path.GetRelativePath(folder, Path.Combine(folder, buildPath)).Replace(Path.DirectorySeparatorChar, '/');

    private async Task<AppBinary> ReadAsync(string path, CancellationToken cancellationToken)
    {
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
