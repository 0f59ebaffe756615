using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Worker.Agent;
using QualGent.Worker.Batches;
using QualGent.Worker.TestCode;

namespace QualGent.Worker.Apps;

/// <summary>An app build on this host.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">Its digest: what a device carries when this build is installed.</param>
public sealed record AppBinary(string Path, string Sha256);

/// <summary>Finds app builds below <c>Worker:AppRoot</c>, and remembers digests while size and time of a file stay the same.</summary>
public sealed class AppBinaries(IOptions<WorkerOptions> options)
{
    private readonly ConcurrentDictionary<string, (long Size, DateTime Written, string Sha256)> _known = new(StringComparer.Ordinal);

    /// <summary>The build that an organisation calls by that id.</summary>
    /// <exception cref="BatchRefusedException">There is none.</exception>
    public async Task<AppBinary> FindAsync(string orgId, string appVersionId, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(options.Value.AppRoot);
        var name = $"{orgId}/{appVersionId}.apk";
        if (SafePath.Resolve(root, name) is not { } path || !File.Exists(path))
        {
            throw BatchRefusedException.Failed(VerdictCodes.NotFound, $"There is no app build '{name}' below Worker:AppRoot of agent '{options.Value.Name}'. Put the APK there under that name, or check --app-version-id.");
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
