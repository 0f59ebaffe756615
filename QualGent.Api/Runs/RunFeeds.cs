using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary>The runs that clients of this instance watch: one <see cref="RunFeed"/> each, for as long as somebody does.</summary>
internal sealed class RunFeeds(IJobQueue queue, TimeProvider time)
{
    // A snapshot serves whoever comes so long after it was asked for; what has happened since follows as events.
    private static readonly TimeSpan s_snapshotLife = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunFeed> _feeds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<IReadOnlyList<SentEvent>?>> _snapshots = new(StringComparer.Ordinal);

    /// <summary>The next events behind a cursor, or a snapshot where there is none. Null when the run is unknown.</summary>
    public async Task<IReadOnlyList<SentEvent>?> ReadAsync(string runId, string? cursor, CancellationToken cancellationToken) =>
        cursor is null ? await SnapshotAsync(runId, default, cancellationToken) : Sent(await queue.ReadRunEventsAsync(runId, cursor, cancellationToken));

    /// <summary>A snapshot that is not older than a cursor; who ask at about the same time share it. Null when the run is unknown.</summary>
    public async Task<IReadOnlyList<SentEvent>?> SnapshotAsync(string runId, EventCursor from, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<SentEvent>?>? reading;
        lock (_lock)
        {
            if (!_snapshots.TryGetValue(runId, out reading) || (reading.IsCompletedSuccessfully && reading.Result is [.., var last] && last.Cursor.CompareTo(from) < 0))
            {
                _snapshots[runId] = reading = ReadSnapshotAsync(runId);
                _ = ForgetLaterAsync(runId, reading);
            }
        }

        return await reading.WaitAsync(cancellationToken);
    }

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

    private async Task<IReadOnlyList<SentEvent>?> ReadSnapshotAsync(string runId)
    {
        await Task.Yield(); // not under the lock
        return Sent(await queue.ReadRunEventsAsync(runId, null, CancellationToken.None));
    }

    private async Task ForgetLaterAsync(string runId, Task<IReadOnlyList<SentEvent>?> reading)
    {
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (reading is { IsCompletedSuccessfully: true, Result: not null })
        {
            await Task.Delay(s_snapshotLife, time);
        }

        lock (_lock)
        {
            if (_snapshots.GetValueOrDefault(runId) == reading)
            {
                _snapshots.Remove(runId);
            }
        }
    }

    private static IReadOnlyList<SentEvent>? Sent(IReadOnlyList<RunEvent>? events) => events is null ? null : [.. events.Select(SentEvent.Of)];

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
