namespace QualGent.Simulation.Faults;

/// <summary>What happens when: the simulation's own time, which never jumps, and a clock of the store, which does.</summary>
internal sealed class Agenda(VirtualQueue queue)
{
    private readonly PriorityQueue<Planned, (long AtMs, long Number)> _planned = new();
    private long _numbered;
    private long _skewMs;

    /// <summary>Milliseconds since the begin.</summary>
    public long NowMs { get; private set; }

    /// <summary>Plans an event.</summary>
    /// <param name="ms">From now.</param>
    /// <param name="action">What happens, told in words.</param>
    /// <param name="notBeforeMs">Asked when it is due: until then it is put off.</param>
    public Planned In(long ms, Func<Random, Task<string>> action, Func<long>? notBeforeMs = null)
    {
        var planned = new Planned(action, notBeforeMs ?? (() => 0));
        _planned.Enqueue(planned, (NowMs + Math.Max(1, ms), _numbered++));
        return planned;
    }

    /// <summary>Lets the next event happen and says what it was.</summary>
    public async Task<string> NextAsync(Random random)
    {
        while (_planned.TryDequeue(out var next, out var when))
        {
            if (next.NotBeforeMs() > when.AtMs)
            {
                _planned.Enqueue(next, (next.NotBeforeMs(), _numbered++));
            }
            else if (!next.IsCancelled)
            {
                Pass(Math.Max(1, when.AtMs - NowMs));
                return await next.Action(random);
            }
        }

        throw new InvalidOperationException("Nothing is planned, not even a sweep.");
    }

    /// <summary>Time passes without an event.</summary>
    public void Pass(long ms)
    {
        NowMs += ms;
        queue.NowMs = VirtualQueue.BeginMs + NowMs + _skewMs;
    }

    /// <summary>The store's clock is set forward or back.</summary>
    public void Jump(long ms)
    {
        _skewMs += ms;
        Pass(1);
    }
}

/// <summary>An event that may still be called off.</summary>
internal sealed class Planned(Func<Random, Task<string>> action, Func<long> notBeforeMs)
{
    public Func<Random, Task<string>> Action => action;

    public Func<long> NotBeforeMs => notBeforeMs;

    public bool IsCancelled { get; set; }
}
