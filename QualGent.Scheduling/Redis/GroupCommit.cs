namespace QualGent.Scheduling.Redis;

/// <summary>
/// Sends what many callers ask for in few calls: whatever arrives while calls are under way goes together into the next one
/// (group commit, DeWitt et al., SIGMOD 1984). A lone caller waits for nobody. A failed call fails for everybody in it.
/// </summary>
/// <param name="commit">Makes one call; answers in the order of the items.</param>
/// <param name="weight">How much of a call an item takes up.</param>
/// <param name="weightMax">Weight of one call; an item that is heavier goes alone.</param>
internal sealed class GroupCommit<TItem, TResult>(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> commit, Func<TItem, int> weight, int weightMax)
{
    // With two, the server works on one call while the next is gathered and the answers of the one before are written.
    private const int UnderWayMax = 2;
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _underWay;

    /// <summary>Has the item sent with the next call.</summary>
    public Task<TResult> AddAsync(TItem item)
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
                var results = await commit([.. batch.Select(waiting => waiting.Item)]);
                for (var i = 0; i < batch.Count; i++)
                {
                    batch[i].SetResult(results[i]);
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
            for (var free = weightMax; _waiting.TryPeek(out var next) && (batch.Count == 0 || weight(next.Item) <= free); free -= weight(next.Item))
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

    private sealed class Waiting(TItem item) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item => item;
    }
}
