using QualGent.Scheduling.Blobs;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// Reads references to blobs. A new kind of reference belongs into <see cref="s_runFields"/> when a run has one, else into the
/// set <c>run:R:blobs</c>, which goes with its run.
/// </summary>
internal sealed class RedisBlobReferences(QueueScripts scripts) : IBlobReferences
{
    private const int RunsPerRead = 500;
    private static readonly RedisValue[] s_runFields = ["org", "bundle", "app_digest"];

    private IDatabase Database => scripts.Database;

    private RedisKeys Keys => scripts.Keys;

    /// <inheritdoc/>
    public async Task<string?> ReadPoolIdAsync(CancellationToken cancellationToken) => await Database.StringGetAsync(Keys.PoolId).InTime();

    /// <inheritdoc/>
    public async Task<string> EnsurePoolIdAsync(CancellationToken cancellationToken)
    {
        await Database.StringSetAsync(Keys.PoolId, $"pool_{Guid.NewGuid():N}", when: When.NotExists).InTime();
        return (await ReadPoolIdAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<BlobReference>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new HashSet<BlobReference>();
        // Builds first: one that is replaced meanwhile is still that of every run accepted before.
        foreach (var org in await Database.SetMembersAsync(Keys.AppOrgs).InTime())
        {
            var apps = await Database.HashValuesAsync(Keys.Apps((string)org!)).InTime();
            found.UnionWith(apps.Select(app => new BlobReference((string)org!, RedisAppRegistry.DigestOf(app))));
        }

        await ReadRunsAsync(found, cancellationToken);
        return found;
    }

    private async Task ReadRunsAsync(HashSet<BlobReference> found, CancellationToken cancellationToken)
    {
        RedisKey runs = Keys.Runs;
        for (var from = "-"; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Oldest first, so that a run that is accepted meanwhile is still to come.
            var ids = (string[])(await Database.ExecuteAsync("ZRANGEBYLEX", runs, from, "+", "LIMIT", 0, RunsPerRead).InTime())!;
            await Task.WhenAll(ids.Select(async id =>
            {
                var (fields, more) = (Database.HashGetAsync(Keys.Run(id), s_runFields).InTime(), Database.SetMembersAsync(Keys.RunBlobs(id)).InTime());
                await Task.WhenAll(fields, more);
                if ((string?)(await fields)[0] is { } org)
                {
                    RedisValue[] digests = [.. (await fields)[1..], .. await more];
                    lock (found)
                    {
                        found.UnionWith(digests.Where(digest => digest.HasValue).Select(digest => new BlobReference(org, (string)digest!)));
                    }
                }
            }));
            if (ids.Length < RunsPerRead)
            {
                return;
            }

            from = "(" + ids[^1];
        }
    }
}
