using QualGent.Contracts;
using QualGent.Scheduling;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Checking;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Simulation.Comparison;

/// <summary>The real queue: its classes, its scripts, a Redis of its own. Invariants are checked once a minute.</summary>
internal sealed class QualGentPolicy : IPolicy, IAsyncDisposable
{
    private const long CheckMs = 60_000;
    private const int AskedPerCheck = 10;
    private readonly RedisServer _server;
    private readonly IConnectionMultiplexer _redis;
    private readonly VirtualQueue _queue;
    private readonly HintTap _tap;
    private readonly List<DeviceProfile> _devices;
    private readonly long[] _epochs;
    private readonly Dictionary<string, int> _numbers;
    private readonly Dictionary<string, PlannedJob> _jobs = [];
    private readonly Dictionary<PlannedJob, JobHandle> _held = [];
    private readonly Dictionary<PlannedJob, string> _waiting = [];
    private readonly List<string> _runs = [];
    private readonly Random _random = new(1);
    private long _checkedMs;

    private QualGentPolicy(RedisServer server, IConnectionMultiplexer redis, VirtualQueue queue, HintTap tap, int devices)
    {
        (_server, _redis, _queue, _tap) = (server, redis, queue, tap);
        _devices = [.. Enumerable.Range(0, devices).Select(Profile)];
        _epochs = new long[devices];
        _numbers = _devices.Index().ToDictionary(device => device.Item.DeviceId, device => device.Index);
    }

    /// <inheritdoc/>
    public string Name => "QualGent";

    /// <inheritdoc/>
    public bool Probes => true;

    /// <summary>What it told waiting jobs.</summary>
    public Forecasts Forecasts { get; } = new();

    /// <summary>Starts Redis and registers the devices, five per agent.</summary>
    public static async Task<QualGentPolicy> StartAsync(Workload workload, CancellationToken cancellationToken)
    {
        var server = await RedisServer.StartAsync(cancellationToken);
        var redis = await server.ConnectAsync();
        var queue = new VirtualQueue(redis, new SchedulingOptions(), seed: 1);
        var policy = new QualGentPolicy(server, redis, queue, await HintTap.ConnectAsync(server.ConnectionString, queue.Keys, cancellationToken), workload.Devices);
        foreach (var devices in policy._devices.Chunk(Fleet.DevicesPerAgent))
        {
            var host = Host(policy._numbers[devices[0].DeviceId]);
            var registered = await queue.Agents.RegisterAsync(new AgentRegistration { AgentId = host, Name = host, Host = host, Devices = devices }, cancellationToken);
            foreach (var (id, epoch) in registered.Accepted)
            {
                policy._epochs[policy._numbers[id]] = epoch;
            }
        }

        return policy;
    }

    /// <inheritdoc/>
    public async Task SubmitAsync(PlannedRun run, long nowMs)
    {
        At(nowMs);
        var accepted = await _queue.Jobs.AcceptAsync(
            new RunSubmission
            {
                OrgId = run.Org,
                AppVersionId = run.App,
                Priority = run.Priority,
                Class = new RequirementClass(Targets.Emulator, Platforms.Android),
                Reset = ResetModes.Clear,
                AttemptsMax = 1,
                Timeout = TimeSpan.FromMinutes(10),
                QueueTimeout = TimeSpan.FromDays(7),
                Tests = [.. run.Jobs.Select(job => $"tests/{run.Number}-{job.Index}.spec.ts")],
            },
            null,
            CancellationToken.None);
        var (runId, jobIds) = accepted is AcceptResult.Accepted a ? (a.RunId, a.JobIds) : throw new InvariantException($"A run was not accepted: {accepted}.");
        _runs.Add(runId);
        foreach (var (id, job) in jobIds.Zip(run.Jobs))
        {
            _jobs[id] = job;
            _waiting[job] = id;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedJob>> ClaimAsync(int device, long nowMs)
    {
        At(nowMs);
        switch (await _queue.Agents.ClaimAsync(_devices[device].DeviceId, _epochs[device], CancellationToken.None))
        {
            case ClaimResult.Empty:
                return [];
            case ClaimResult.Claimed { Batch: var batch }:
                foreach (var job in batch.Jobs)
                {
                    _held[_jobs[job.JobId]] = new JobHandle(job.JobId, job.Token, _devices[device].DeviceId, _epochs[device]);
                }

                return [.. batch.Jobs.Select(job => _jobs[job.JobId])];
            default:
                throw new InvariantException($"{_devices[device].Serial} lost its lease although it beats.");
        }
    }

    /// <inheritdoc/>
    public async Task BeginAsync(int device, PlannedJob job, long nowMs)
    {
        At(nowMs);
        _waiting.Remove(job);
        Written(await _queue.Agents.SetPhaseAsync([_held[job]], JobPhase.Testing, CancellationToken.None));
    }

    /// <inheritdoc/>
    public async Task FinishAsync(int device, PlannedJob job, bool installed, long nowMs)
    {
        At(nowMs);
        _held.Remove(job, out var handle);
        var report = new JobReport { Job = handle, Outcome = JobOutcome.Passed, Duration = TimeSpan.FromMilliseconds(job.DurationMs), Installed = installed };
        Written([await _queue.Agents.FinishAsync(report, CancellationToken.None)]);
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(int device, IReadOnlyList<PlannedJob> jobs, long nowMs)
    {
        At(nowMs);
        Written(await _queue.Agents.ReleaseAsync([.. jobs.Select(job => _held[job])], CancellationToken.None));
        foreach (var job in jobs)
        {
            _held.Remove(job);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<int>> BeatAsync(IReadOnlyList<int> devices, long nowMs)
    {
        At(nowMs);
        var held = _held.Values.ToLookup(handle => handle.DeviceId);
        var beats = devices.Select(number => (Id: _devices[number].DeviceId, Epoch: _epochs[number]))
            .Select(device => new DeviceBeat(device.Id, device.Epoch, held[device.Id].ToDictionary(handle => handle.JobId, handle => handle.Token), null));
        var replies = await _queue.Agents.HeartbeatAsync(new Heartbeat(Host(devices[0]), [.. beats]), CancellationToken.None);
        InvariantException.Require(!replies.Any(reply => reply.Fenced || reply.LostJobIds.Count > 0), "A device that beats was fenced.");
        return [.. replies.Where(reply => reply.Yield).Select(reply => _numbers[reply.DeviceId])];
    }

    /// <inheritdoc/>
    public async Task SweepAsync(long nowMs)
    {
        At(nowMs);
        await _queue.SweepAsync(CancellationToken.None);
        if (nowMs - _checkedMs >= CheckMs)
        {
            _checkedMs = nowMs;
            await _queue.Invariants.CheckAsync(_runs);
            await AskAsync(nowMs);
        }
    }

    private async Task AskAsync(long nowMs)
    {
        var waiting = _waiting.Where(pair => !_held.ContainsKey(pair.Key)).ToList();
        foreach (var (job, id) in Enumerable.Range(0, waiting.Count == 0 ? 0 : AskedPerCheck).Select(_ => waiting[_random.Next(waiting.Count)]))
        {
            var wait = await _queue.Jobs.WhyAsync(id, CancellationToken.None);
            if (wait?.ExpectedStart is { } start)
            {
                Forecasts.Add(job, nowMs, Ms(start.P50), Ms(start.P90));
            }
        }

        static double Ms(DateTimeOffset at) => (at - DateTimeOffset.FromUnixTimeMilliseconds(VirtualQueue.BeginMs)).TotalMilliseconds;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<int>> WokenAsync() =>
        [.. (await _tap.DrainAsync(CancellationToken.None)).Select(hint => hint.Split(' ')).Where(hint => hint[0] == "claim").Select(hint => _numbers[hint[1]])];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _tap.DisposeAsync();
        _redis.Dispose();
        await _server.DisposeAsync();
    }

    private void At(long nowMs) => _queue.NowMs = VirtualQueue.BeginMs + nowMs;

    private static void Written(IReadOnlyList<WriteStatus> statuses) =>
        InvariantException.Require(statuses.All(status => status == WriteStatus.Done), $"A write of the holder answered {string.Join(", ", statuses)}.");

    private static string Host(int device) => $"host-{device / Fleet.DevicesPerAgent:00}";

    private static DeviceProfile Profile(int number) => new()
    {
        DeviceId = Ids.Device(Host(number), $"device-{number}"),
        Serial = $"device-{number}",
        Provider = "simulated",
        Target = Targets.Emulator,
        Platform = Platforms.Android,
        Labels = new Dictionary<string, string>(),
    };
}
