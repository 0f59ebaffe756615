using System.Threading.Channels;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary>
/// The events of one run for all its clients on this instance: read once, when a hint says so or a tick passes. It keeps the newest
/// few, so that nobody has to be as fast as the run; who falls further behind goes on with a snapshot.
/// </summary>
internal sealed class RunFeed(IJobQueue queue, string runId, EventCursor from, TimeProvider time)
{
    /// <summary>Time between two looks without a hint.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);

    private const int KeptBytesMax = 1 << 20;

    // What a client that does not read may hold on to.
    private const int EventsPerLook = 8;
    private readonly Lock _lock = new();
    private readonly Queue<SentEvent> _kept = new();
    private EventCursor _begin = from;
    private EventCursor _end = from;
    private int _bytes;
    private TaskCompletionSource _news = New();

    /// <summary>Nothing at or before this cursor is kept.</summary>
    public EventCursor Begin
    {
        get
        {
            lock (_lock)
            {
                return _begin;
            }
        }
    }

    /// <summary>How many clients read it; <see cref="RunFeeds"/> counts.</summary>
    public int Clients { get; set; }

    /// <summary>Ends the reading, with the last client.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>
    /// The next events behind a cursor, and a task that ends when more have been read. Null when the cursor lies before what is kept.
    /// </summary>
    public (IReadOnlyList<SentEvent> Events, Task News)? After(EventCursor cursor)
    {
        lock (_lock)
        {
            // The last event may have the cursor of a snapshot before it; nobody asks who has had it.
            return cursor.CompareTo(_begin) < 0 ? null : ([.. _kept.SkipWhile(kept => kept.Cursor.CompareTo(cursor) <= 0 && !kept.IsLast).Take(EventsPerLook)], _news.Task);
        }
    }

    /// <summary>Reads until the run has ended, the last client has gone, or the queue does not answer: then all clients are told, and come again.</summary>
    public async Task ReadAsync()
    {
        try
        {
            // One slot: any number of hints means "look once more".
            var hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            void Hint() => hints.Writer.TryWrite(true);
            await using var watch = await queue.WatchRunAsync(runId, Hint, Stop.Token);
            await using var timer = time.CreateTimer(_ => Hint(), null, Tick, Tick);
            while (true)
            {
                var events = await queue.ReadRunEventsAsync(runId, _end.ToString(), Stop.Token) ?? throw new InvalidOperationException($"Run {runId} was removed while it was watched.");
                if (Add([.. events.Select(SentEvent.Of)]))
                {
                    return;
                }

                if (events.Count == 0)
                {
                    await hints.Reader.ReadAsync(Stop.Token);
                }
            }
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                _news.TrySetException(e);
                _ = _news.Task.Exception; // clients see it; without any nobody has to
            }
        }
    }

    /// <returns>Whether nothing can follow.</returns>
    private bool Add(IReadOnlyList<SentEvent> events)
    {
        if (events.Count == 0)
        {
            return false;
        }

        TaskCompletionSource told;
        lock (_lock)
        {
            foreach (var happened in events)
            {
                _kept.Enqueue(happened);
                _bytes += happened.Bytes.Length;
                _end = happened.Cursor;
            }

            while (_bytes > KeptBytesMax && _kept.Count > 1)
            {
                var dropped = _kept.Dequeue();
                _bytes -= dropped.Bytes.Length;
                _begin = dropped.Cursor;
            }

            (told, _news) = (_news, New());
        }

        told.SetResult();
        return events[^1].IsLast;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
