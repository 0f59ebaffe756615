using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary>The runs that clients of this instance watch: one <see cref="RunFeed"/> each, for as long as somebody does.</summary>
internal sealed class RunFeeds(IJobQueue queue, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>The run's feed. Whoever takes it gives it back with <see cref="Leave"/>.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="from">Where the caller is: a new feed begins there.</param>
    public RunFeed Join(string runId, EventCursor from)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(runId, out var feed))
            {
                _feeds[runId] = feed = new RunFeed(queue, runId, from, time);
                _ = ReadAsync(runId, feed);
            }

            feed.Clients++;
            return feed;
        }
    }

    public void Leave(string runId, RunFeed feed)
    {
        lock (_lock)
        {
            if (--feed.Clients > 0)
            {
                return;
            }

            Forget(runId, feed);
        }

        feed.Stop.Cancel();
    }

    // A feed that has ended serves those it has; whoever comes later gets a new one.
    private async Task ReadAsync(string runId, RunFeed feed)
    {
        await Task.Yield(); // not under the lock
        await feed.ReadAsync();
        lock (_lock)
        {
            Forget(runId, feed);
        }
    }

    private void Forget(string runId, RunFeed feed)
    {
        if (_feeds.TryGetValue(runId, out var current) && current == feed)
        {
            _feeds.Remove(runId);
        }
    }
}
