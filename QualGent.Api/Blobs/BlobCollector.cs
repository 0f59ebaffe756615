using Microsoft.Extensions.Options;
using QualGent.Scheduling.Blobs;
using QualGent.Scheduling.Redis;

namespace QualGent.Api.Blobs;

/// <summary>
/// Removes blobs that nothing refers to and nobody asked for within <c>Blobs:Grace</c>. Only next to the Redis that knows the
/// references: its pool id must be the one written in the store, so that an emptied or exchanged Redis empties no store. Every
/// API instance does it; doing it twice at once does no harm.
/// </summary>
internal sealed partial class BlobCollector(IBlobStore store, IBlobReferences references, IOptions<BlobOptions> options, TimeProvider time, ILogger<BlobCollector> logger) : BackgroundService
{
    // Time to go on with an upload that broke off.
    private static readonly TimeSpan s_uploadsKept = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CollectEvery, time);
        do
        {
            try
            {
                await CollectAsync(stoppingToken);
            }
            catch (Exception e) when (RedisTrouble.Passes(e) || e is IOException or UnauthorizedAccessException)
            {
                LogTrouble(e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Nobody thought of it, but who uploads and reads goes on.
                LogUnexpected(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await store.SweepUploadsAsync(now - s_uploadsKept, cancellationToken);
        if (!await IsOfThisPoolAsync(cancellationToken))
        {
            return;
        }

        var unusedSince = now - options.Value.Grace;
        // Listed before the references are read: whatever is referred to later is touched when that is accepted.
        var unused = new List<BlobName>();
        await foreach (var blob in store.ListAsync(unusedSince, cancellationToken))
        {
            unused.Add(blob);
        }

        if (unused.Count == 0)
        {
            return;
        }

        var needed = await references.ReadAsync(cancellationToken);
        // Again: a Redis that was emptied or exchanged meanwhile refers to nothing.
        if (!await IsOfThisPoolAsync(cancellationToken))
        {
            return;
        }

        var removed = 0;
        foreach (var blob in unused.Where(blob => !needed.Contains(new BlobReference(blob.OrgId, blob.Digest))))
        {
            removed += await store.DeleteAsync(blob, unusedSince, cancellationToken) ? 1 : 0;
        }

        if (removed > 0)
        {
            LogRemoved(removed);
        }
    }

    private async Task<bool> IsOfThisPoolAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadPoolAsync(cancellationToken) is not { } owner)
        {
            await store.ClaimForPoolAsync(await references.EnsurePoolIdAsync(cancellationToken), cancellationToken);
            return false; // from the next look on
        }

        if (await references.ReadPoolIdAsync(cancellationToken) is var pool && pool == owner)
        {
            return true;
        }

        LogForeign(owner, pool ?? "none");
        return false;
    }

    [LoggerMessage(2201, LogLevel.Information, "{Count} blob(s) removed that nothing refers to")]
    private partial void LogRemoved(int count);

    [LoggerMessage(2202, LogLevel.Error, "No blob is removed: the store belongs to {Owner}, but the pool in Redis is {Pool}. Was Redis emptied or exchanged? If that was meant, delete the file pool-id in Blobs:Folder (or in the bucket).")]
    private partial void LogForeign(string owner, string pool);

    [LoggerMessage(2203, LogLevel.Warning, "Blobs that nothing refers to were not looked for: {Reason}")]
    private partial void LogTrouble(string reason);

    [LoggerMessage(2204, LogLevel.Error, "Blobs that nothing refers to were not looked for; the next look is a new attempt.")]
    private partial void LogUnexpected(Exception e);
}
