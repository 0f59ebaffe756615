using System.Runtime.InteropServices;

namespace QualGent.Simulation.Comparison;

/// <summary>
/// Devices that work through a workload in virtual time, as a policy tells them: ask, install when the build is another one, run file by
/// file, ask again. An idle device asks when it is woken, and by itself every 2 to 5 seconds.
/// </summary>
internal sealed class Fleet
{
    /// <summary>Devices that beat together, as those of one agent do.</summary>
    public const int DevicesPerAgent = 5;

    private const long BeatMs = 10_000;
    private const long SweepMs = 1000;
    private const long HintMs = 5;
    private const long NeverMs = 1L << 50;
    private readonly PriorityQueue<Func<Task>, (long AtMs, long Number)> _events = new();
    private readonly Workload _workload;
    private readonly IPolicy _policy;
    private readonly Device[] _devices;
    private readonly Random _random = new(1);
    private readonly History _history;
    private long _numbered;
    private int _left;

    public Fleet(Workload workload, IPolicy policy)
    {
        (_workload, _policy) = (workload, policy);
        _devices = [.. Enumerable.Range(0, workload.Devices).Select(number => new Device(number))];
        _left = workload.Jobs.Count();
        _history = new History(policy.Name, workload);
    }

    private long NowMs { get; set; }

    /// <summary>Runs everything to its end and returns what happened.</summary>
    public async Task<History> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var run in _workload.Runs)
        {
            At(run.AtMs, () =>
            {
                _history.Submitted(run);
                return _policy.SubmitAsync(run, NowMs);
            });
        }

        foreach (var device in _devices)
        {
            Ask(device, device.Number);
        }

        foreach (var agent in _devices.Chunk(DevicesPerAgent))
        {
            Every(BeatMs, () => BeatAsync(agent), _random.NextInt64(BeatMs));
        }

        Every(SweepMs, () => _policy.SweepAsync(NowMs), SweepMs);
        while (_left > 0 && _events.TryDequeue(out var next, out var when))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _history.Elapsed(when.AtMs - NowMs);
            NowMs = when.AtMs;
            await next();
            foreach (var number in await _policy.WokenAsync())
            {
                if (_devices[number].IsIdle)
                {
                    Ask(_devices[number], HintMs);
                }
            }
        }

        _history.Ended(NowMs);
        return _history;
    }

    private async Task AskAsync(Device device)
    {
        var jobs = await _policy.ClaimAsync(device.Number, NowMs);
        if (jobs.Count == 0)
        {
            _history.Idle(device.Number);
            Wait(device);
            return;
        }

        var group = jobs[0].Run.Group;
        device.Batch = new Queue<PlannedJob>(jobs);
        device.MustYield = false;
        device.Installs = device.Build != group;
        _history.Claimed(device.Number, jobs);
        if (device.Installs)
        {
            device.Build = group;
            _history.Occupied(new Span(device.Number, NowMs, NowMs + _workload.InstallMs, group, null));
        }

        At(device.Installs ? _workload.InstallMs : 0, () => NextFileAsync(device));
    }

    private async Task NextFileAsync(Device device)
    {
        if (device.MustYield && device.Batch.Count > 0)
        {
            _history.Released(device.Batch);
            await _policy.ReleaseAsync(device.Number, [.. device.Batch], NowMs);
            device.Batch.Clear();
        }

        if (!device.Batch.TryDequeue(out var job))
        {
            await AskAsync(device);
            return;
        }

        _history.Occupied(new Span(device.Number, NowMs, NowMs + job.DurationMs, job.Run.Group, job));
        await _policy.BeginAsync(device.Number, job, NowMs);
        At(job.DurationMs, async () =>
        {
            _left--;
            await _policy.FinishAsync(device.Number, job, device.Installs, NowMs);
            await NextFileAsync(device);
        });
    }

    private async Task BeatAsync(Device[] devices)
    {
        foreach (var number in await _policy.BeatAsync([.. devices.Select(device => device.Number)], NowMs))
        {
            _devices[number].MustYield = true;
        }
    }

    private void Wait(Device device) => Ask(device, _policy.Probes ? _random.NextInt64(2000, 5000) : NeverMs);

    // An idle device has one question planned; a later plan replaces it.
    private void Ask(Device device, long inMs)
    {
        var plan = ++device.Plan;
        device.IsIdle = true;
        At(inMs, () =>
        {
            if (device.Plan != plan)
            {
                return Task.CompletedTask;
            }

            device.IsIdle = false;
            return AskAsync(device);
        });
    }

    private void Every(long periodMs, Func<Task> action, long firstMs) => At(firstMs, async () =>
    {
        await action();
        Every(periodMs, action, periodMs);
    });

    private void At(long inMs, Func<Task> action) => _events.Enqueue(action, (NowMs + inMs, _numbered++));

    private sealed class Device(int number)
    {
        public int Number => number;

        public string? Build { get; set; }

        public Queue<PlannedJob> Batch { get; set; } = [];

        public bool Installs { get; set; }

        public bool MustYield { get; set; }

        public bool IsIdle { get; set; }

        public long Plan { get; set; }
    }
}

/// <summary>Time of a device: an installation, or a file.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Span(int Device, long FromMs, long ToMs, string Group, PlannedJob? Job);
