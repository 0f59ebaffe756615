using System.Collections.Concurrent;

namespace QualGent.Api.Blobs;

/// <summary>
/// Bytes that each organisation has in a store. Measured there once a minute and kept up in between, so what other API instances
/// take is seen at most a minute late.
/// </summary>
/// <param name="measure">Counts an organisation's bytes.</param>
/// <param name="time">Clock of the minute.</param>
internal sealed class OrgUsage(Func<string, CancellationToken, Task<long>> measure, TimeProvider time)
{
    private static readonly TimeSpan s_validity = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Takes bytes, unless more than <paramref name="most"/> would be in use.</summary>
    public async ValueTask<bool> TryTakeAsync(string orgId, long bytes, long most, CancellationToken cancellationToken)
    {
        var count = _counts.TryGetValue(orgId, out var known) && time.GetElapsedTime(known.Since) < s_validity
            ? known
            : _counts[orgId] = new Count { Since = time.GetTimestamp(), Bytes = await measure(orgId, cancellationToken) };
        if (Interlocked.Add(ref count.Bytes, bytes) <= most)
        {
            return true;
        }

        Interlocked.Add(ref count.Bytes, -bytes);
        return false;
    }

    /// <summary>Gives bytes back that are gone.</summary>
    public void Give(string orgId, long bytes)
    {
        if (_counts.TryGetValue(orgId, out var count))
        {
            Interlocked.Add(ref count.Bytes, -bytes);
        }
    }

    private sealed class Count
    {
        public long Bytes;
        public required long Since;
    }
}
