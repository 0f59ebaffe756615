using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// Sends what many callers ask of one script in few calls: whatever arrives while calls are under way goes together into the
/// next one (group commit, DeWitt et al., SIGMOD 1984). A lone caller waits for nobody. A failed call fails for everybody in it.
/// </summary>
/// <param name="scripts">Runs the calls.</param>
/// <param name="script">A script that takes shared values and then any number of items, and answers each.</param>
/// <param name="shared">The values in front of the items.</param>
/// <param name="valuesMax">Values of all items of one call; an item that has more goes alone.</param>
internal sealed class GroupCommit(QueueScripts scripts, string script, RedisValue[] shared, int valuesMax)
{
    // The server works on one call while others wait at its door, so that it never waits for us and one flush to its disk serves several.
    private const int UnderWayMax = 4;
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _underWay;

    /// <summary>Has the item sent with the next call.</summary>
    /// <returns>What the script answers about it.</returns>
    public async Task<RedisResult> AddAsync(RedisValue[] item)
    {
        using var activity = QueueScripts.StartActivity(script);
        return await EnqueueAsync(item);
    }

    private Task<RedisResult> EnqueueAsync(RedisValue[] item)
    {
        var waiting = new Waiting(item);
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            if (_underWay == UnderWayMax)
            {
                return waiting.Task;
            }

            _underWay++;
        }

        // Not in the caller's context: the calls belong to nobody's trace in particular.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(SendAsync);
        }

        return waiting.Task;
    }

    private async Task SendAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                var replies = (RedisResult[])(await scripts.RunAsync(script, [.. shared, .. batch.SelectMany(waiting => waiting.Item)]))!;
                for (var i = 0; i < batch.Count; i++)
                {
                    batch[i].SetResult(replies[i]);
                }
            }
            catch (Exception e)
            {
                batch.ForEach(waiting => waiting.TrySetException(e));
            }
        }
    }

    // What goes into the next call; nothing ends the sender.
    private List<Waiting> Next()
    {
        var batch = new List<Waiting>();
        lock (_lock)
        {
            for (var free = valuesMax; _waiting.TryPeek(out var next) && (batch.Count == 0 || next.Item.Length <= free); free -= next.Item.Length)
            {
                batch.Add(_waiting.Dequeue());
            }

            if (batch.Count == 0)
            {
                _underWay--;
            }
        }

        return batch;
    }

    private sealed class Waiting(RedisValue[] item) : TaskCompletionSource<RedisResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RedisValue[] Item => item;
    }
}
