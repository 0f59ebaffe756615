using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Simulation;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests.Harness;

/// <summary>A queue in a pool of its own with short words for what tests do all the time.</summary>
internal sealed class QueueHarness : VirtualQueue
{
    private static int s_pools;

    public QueueHarness(IConnectionMultiplexer redis, Action<SchedulingOptions>? configure = null, bool realTime = false)
        : base(redis, Settings(configure), seed: 1, TimeProvider.System)
    {
        if (realTime)
        {
            NowMs = 0;
        }
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Advance(TimeSpan by) => NowMs += (long)by.TotalMilliseconds;

    public static RunSubmission Run(int tests = 1, string org = "acme", string app = "v1", int priority = 5, string target = "emulator", int attempts = 2, string? project = null, string reset = "clear", string prefix = "tests/t") => new()
    {
        OrgId = org,
        AppVersionId = app,
        Priority = priority,
        Class = new RequirementClass(target, "android"),
        Project = project,
        Reset = reset,
        AttemptsMax = attempts,
        Timeout = TimeSpan.FromMinutes(10),
        QueueTimeout = TimeSpan.FromHours(24),
        Tests = [.. Enumerable.Range(0, tests).Select(i => $"{prefix}{i}.spec.ts")],
    };

    public async Task<AcceptResult.Accepted> AcceptAsync(RunSubmission run, IdempotencyKey? key = null) =>
        Assert.IsType<AcceptResult.Accepted>(await Jobs.AcceptAsync(run, key, Ct));

    /// <summary>Registers an agent with devices <c>{agent}-0</c>, <c>{agent}-1</c> … and returns them.</summary>
    public async Task<IReadOnlyList<TestDevice>> AgentAsync(string agent = "a", int devices = 1, string target = "emulator", IReadOnlyDictionary<string, string>? labels = null)
    {
        var result = await Agents.RegisterAsync(Registration(agent, devices, target, labels), Ct);
        Assert.Empty(result.Refused);
        return [.. Enumerable.Range(0, devices).Select(i => new TestDevice(this, agent, Ids.Device(agent, $"{agent}-{i}"), result.Accepted[Ids.Device(agent, $"{agent}-{i}")]))];
    }

    public static AgentRegistration Registration(string agent, int devices, string target = "emulator", IReadOnlyDictionary<string, string>? labels = null) => new()
    {
        AgentId = agent,
        Name = agent,
        Host = agent,
        Devices = [.. Enumerable.Range(0, devices).Select(i => new DeviceProfile
        {
            DeviceId = Ids.Device(agent, $"{agent}-{i}"),
            Serial = $"{agent}-{i}",
            Provider = "virtual",
            Target = target,
            Platform = "android",
            Labels = labels ?? new Dictionary<string, string>(),
        })],
    };

    public async Task<JobView> JobAsync(string jobId) => await Jobs.GetJobAsync(jobId, Ct) ?? throw new InvalidOperationException($"{jobId} is unknown");

    public async Task<RunView> RunAsync(string runId) => await Jobs.GetRunAsync(runId, Ct) ?? throw new InvalidOperationException($"{runId} is unknown");

    public Task SweepAsync() => SweepAsync(Ct);

    private static SchedulingOptions Settings(Action<SchedulingOptions>? configure)
    {
        var options = new SchedulingOptions { Pool = $"test-{Interlocked.Increment(ref s_pools)}" };
        configure?.Invoke(options);
        return options;
    }
}

/// <summary>A device as its agent sees it.</summary>
internal sealed record TestDevice(QueueHarness Queue, string Agent, string Id, long Epoch)
{
    public Task<ClaimResult> TryClaimAsync() => Queue.Agents.ClaimAsync(Id, Epoch, QueueHarness.Ct);

    public async Task<Batch> ClaimAsync() => Assert.IsType<ClaimResult.Claimed>(await TryClaimAsync()).Batch;

    public async Task ClaimNothingAsync() => Assert.IsType<ClaimResult.Empty>(await TryClaimAsync());

    public JobHandle Handle(ClaimedJob job) => new(job.JobId, job.Token, Id, Epoch);

    public async Task<WriteStatus> StartAsync(ClaimedJob job) => (await Queue.Agents.SetPhaseAsync([Handle(job)], JobPhase.Testing, QueueHarness.Ct))[0];

    public Task<WriteStatus> FinishAsync(ClaimedJob job, JobOutcome outcome = JobOutcome.Passed, string? code = null, LossCharge charge = LossCharge.WhenBegun, TimeSpan? duration = null) =>
        Queue.Agents.FinishAsync(new JobReport { Job = Handle(job), Outcome = outcome, Code = code ?? (outcome == JobOutcome.Failed ? VerdictCodes.Assertion : null), Duration = duration ?? TimeSpan.FromSeconds(10), Charge = charge }, QueueHarness.Ct);

    public async Task<WriteStatus> ReleaseAsync(ClaimedJob job) => (await Queue.Agents.ReleaseAsync([Handle(job)], QueueHarness.Ct))[0];

    public async Task<BeatReply> BeatAsync(params ClaimedJob[] held) =>
        (await Queue.Agents.HeartbeatAsync(new Heartbeat(Agent, [new DeviceBeat(Id, Epoch, held.ToDictionary(job => job.JobId, job => job.Token), null)]), QueueHarness.Ct))[0];
}
