namespace QualGent.Simulation.Comparison;

/// <summary>What the two simple policies share: runs in the order of arrival, every device asks again whenever something changed.</summary>
internal abstract class ArrivalPolicy(string name, int devices) : IPolicy
{
    private bool _news;

    public string Name => name;

    public bool Probes => false;

    public Task SubmitAsync(PlannedRun run, long nowMs)
    {
        _news = true;
        Add(run);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<PlannedJob>> ClaimAsync(int device, long nowMs) =>
        Task.FromResult<IReadOnlyList<PlannedJob>>(Next(device) is { } job ? [job] : []);

    public Task BeginAsync(int device, PlannedJob job, long nowMs) => Task.CompletedTask;

    public Task FinishAsync(int device, PlannedJob job, bool installed, long nowMs) => Task.CompletedTask;

    public Task ReleaseAsync(int device, IReadOnlyList<PlannedJob> jobs, long nowMs) => throw new InvalidOperationException("Nobody is ever asked to stop.");

    public Task<IReadOnlyList<int>> BeatAsync(IReadOnlyList<int> devices, long nowMs) => Task.FromResult<IReadOnlyList<int>>([]);

    public Task SweepAsync(long nowMs) => Task.CompletedTask;

    public Task<IReadOnlyList<int>> WokenAsync()
    {
        IReadOnlyList<int> woken = _news ? [.. Enumerable.Range(0, devices)] : [];
        _news = false;
        return Task.FromResult(woken);
    }

    protected abstract void Add(PlannedRun run);

    protected abstract PlannedJob? Next(int device);
}

/// <summary>
/// What most queues do: the oldest job, whatever the device has installed. Organisations send their jobs one after the other and side
/// by side, 100 a second each, so jobs of runs that arrive together are interleaved; the kinder variant gets every run in one piece.
/// </summary>
internal sealed class FifoPolicy(int devices, bool runByRun = false) : ArrivalPolicy(runByRun ? "FIFO, run by run" : "FIFO per job", devices)
{
    private const long SendMs = 10;
    private readonly PriorityQueue<PlannedJob, (long AtMs, int Run, int Index)> _jobs = new();
    private readonly Dictionary<string, long> _sentMs = [];

    protected override void Add(PlannedRun run)
    {
        var sentMs = Math.Max(run.AtMs, _sentMs.GetValueOrDefault(run.Org));
        foreach (var job in run.Jobs)
        {
            _jobs.Enqueue(job, (runByRun ? run.AtMs : sentMs, run.Number, job.Index));
            sentMs += SendMs;
        }

        _sentMs[run.Org] = sentMs;
    }

    protected override PlannedJob? Next(int device) => _jobs.TryDequeue(out var job, out _) ? job : null;
}

/// <summary>What strict grouping does: one device per app version, until nothing of it is left.</summary>
internal sealed class StrictGroupPolicy(int devices) : ArrivalPolicy("strict group", devices)
{
    private readonly List<string> _waiting = [];
    private readonly Dictionary<string, Queue<PlannedJob>> _groups = [];
    private readonly Dictionary<int, string> _bound = [];

    protected override void Add(PlannedRun run)
    {
        if (!_groups.TryGetValue(run.Group, out var jobs))
        {
            _groups[run.Group] = jobs = [];
            _waiting.Add(run.Group);
        }

        foreach (var job in run.Jobs)
        {
            jobs.Enqueue(job);
        }
    }

    protected override PlannedJob? Next(int device)
    {
        if (_bound.TryGetValue(device, out var group) && _groups[group].TryDequeue(out var job))
        {
            return job;
        }

        if (_bound.Remove(device))
        {
            _groups.Remove(group!);
        }

        if (_waiting is not [var next, ..])
        {
            return null;
        }

        _waiting.RemoveAt(0);
        _bound[device] = next;
        return _groups[next].Dequeue();
    }
}
