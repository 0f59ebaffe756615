using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Tests that are submitted again while they are under way are done once, and count in every run that wants them.</summary>
public sealed class DedupTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Submission_OfTestsUnderWay_IsAttachedAndCountsInBothRuns()
    {
        var first = await _queue.AcceptAsync(Run(tests: 3));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.StartAsync(batch.Jobs[0]);
        await device.FinishAsync(batch.Jobs[2]);

        var second = await _queue.AcceptAsync(Run(tests: 4));

        Assert.Equal(
            [new(second.JobIds[0], "tests/t0.spec.ts", first.JobIds[0], first.RunId), new AttachedJob(second.JobIds[1], "tests/t1.spec.ts", first.JobIds[1], first.RunId)],
            second.Attached);
        Assert.Equal((2, 2), await QueuedAndRunningAsync());
        Assert.Equal(new RunCounts(Queued: 2, Running: 2, 0, 0, 0, 0, 0), (await _queue.RunAsync(second.RunId)).Counts);
        var shared = await _queue.JobAsync(second.JobIds[0]);
        Assert.Equal((second.RunId, first.JobIds[0], JobStatus.Running, JobPhase.Testing, device.Id), (shared.RunId, shared.AttachedTo, shared.Status, shared.Phase, shared.DeviceId));
        await device.FinishAsync(batch.Jobs[0], JobOutcome.Failed, VerdictCodes.LoadError);
        await device.FinishAsync(batch.Jobs[1]);
        await PlacementTests.FinishAllAsync(device, await device.ClaimAsync());
        Assert.Equal(RunVerdict.Failed, (await _queue.RunAsync(first.RunId)).Verdict);
        Assert.Equal((RunVerdict.Failed, new RunCounts(0, 0, Passed: 3, Failed: 1, 0, 0, 0)), await VerdictAsync(second));
        Assert.Equal(4, (await _queue.Jobs.ListJobsAsync(new JobQuery { RunId = second.RunId, Status = null }, QueueHarness.Ct)).Jobs.Count(job => job.Status.IsTerminal()));
        await CheckAsync(first, second);
        Assert.Empty((await _queue.AcceptAsync(Run(tests: 3))).Attached);
    }

    [Fact]
    public async Task Submission_ThatDiffersInAnything_IsQueued()
    {
        var run = Run();
        await _queue.AcceptAsync(run);
        RunSubmission[] others =
        [
            run with { OrgId = "other" }, run with { AppVersionId = "v2" }, run with { Bundle = "c" }, run with { Project = "smoke" }, run with { Reset = "full" },
            run with { Class = new RequirementClass("device", "android") }, run with { AttemptsMax = 3 }, run with { Timeout = TimeSpan.FromMinutes(9) },
            run with { QueueTimeout = TimeSpan.FromHours(23) }, run with { AppDigest = new string('a', 64) }, run with { Tests = ["tests/other.spec.ts"] }, run with { Dedup = false },
        ];

        foreach (var other in others)
        {
            Assert.Empty((await _queue.AcceptAsync(other)).Attached);
        }

        Assert.Single((await _queue.AcceptAsync(run with { Priority = 1, Name = "n", FailFast = true, TraceParent = "t", Lease = TimeSpan.FromMinutes(5) })).Attached);
        Assert.Equal((1 + others.Length, 0), await QueuedAndRunningAsync());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Cancel_OfOneRun_LeavesTheJobToTheOther_AndTheLastOneCancelsIt(bool ownerFirst, bool isRunning)
    {
        var owner = await _queue.AcceptAsync(Run());
        var guest = await _queue.AcceptAsync(Run());
        var device = (await _queue.AgentAsync())[0];
        var job = isRunning ? (await device.ClaimAsync()).Jobs[0] : null;
        var (leaving, staying) = ownerFirst ? (owner, guest) : (guest, owner);

        var left = (await _queue.Jobs.CancelRunAsync(leaving.RunId, "not needed", QueueHarness.Ct))!;

        Assert.Equal(RunVerdict.Cancelled, left.Verdict);
        var shown = await _queue.JobAsync(leaving.JobIds[0]);
        Assert.Equal((JobStatus.Cancelled, VerdictCodes.Cancelled, "not needed"), (shown.Status, shown.Code, shown.Message));
        Assert.Equal(isRunning ? (0, 1) : (1, 0), await QueuedAndRunningAsync());
        Assert.Equal(isRunning ? JobStatus.Running : JobStatus.Queued, (await _queue.JobAsync(staying.JobIds[0])).Status);
        Assert.True(job is null || (await device.BeatAsync(job)).CancelJobIds is []);
        await CheckAsync(owner, guest);

        await _queue.Jobs.CancelJobAsync(staying.JobIds[0], "nor this", QueueHarness.Ct);

        if (job is not null)
        {
            Assert.Equal([job.JobId], (await device.BeatAsync(job)).CancelJobIds);
            Assert.Empty((await _queue.AcceptAsync(Run(org: "acme"))).Attached); // what is about to end takes nobody in
            await device.FinishAsync(job, JobOutcome.Errored, VerdictCodes.Cancelled);
        }

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(staying.RunId)).Verdict);
        Assert.Equal((isRunning ? 1 : 0, 0), await QueuedAndRunningAsync());
    }

    [Fact]
    public async Task Verdict_AfterARunHasLeft_ChangesOnlyTheOthers()
    {
        var owner = await _queue.AcceptAsync(Run());
        var guest = await _queue.AcceptAsync(Run());
        var late = await _queue.AcceptAsync(Run());
        await _queue.Jobs.CancelRunAsync(owner.RunId, null, QueueHarness.Ct);
        await _queue.Jobs.CancelRunAsync(late.RunId, null, QueueHarness.Ct);
        var device = (await _queue.AgentAsync())[0];

        await PlacementTests.FinishAllAsync(device, await device.ClaimAsync());

        Assert.Equal(RunVerdict.Passed, (await _queue.RunAsync(guest.RunId)).Verdict);
        Assert.Equal((RunVerdict.Cancelled, new RunCounts(0, 0, 0, 0, 0, Cancelled: 1, 0)), await VerdictAsync(owner));
        Assert.Equal((RunVerdict.Cancelled, new RunCounts(0, 0, 0, 0, 0, Cancelled: 1, 0)), await VerdictAsync(late));
        await CheckAsync(owner, guest, late);
    }

    [Fact]
    public async Task Priority_OfAJobSeveralRunsWant_IsTheHighestAsked()
    {
        var low = await _queue.AcceptAsync(Run(priority: 2));
        var normal = await _queue.AcceptAsync(Run(prefix: "other"));
        var urgent = await _queue.AcceptAsync(Run(priority: 9));
        await _queue.AcceptAsync(Run(priority: 0));
        var device = (await _queue.AgentAsync())[0];

        Assert.Equal(9, (await _queue.JobAsync(low.JobIds[0])).Priority);
        Assert.Equal(1, (await _queue.Jobs.WhyAsync(urgent.JobIds[0], QueueHarness.Ct))!.Position);
        var batch = await device.ClaimAsync();
        Assert.Equal([low.JobIds[0], normal.JobIds[0]], batch.Jobs.Select(job => job.JobId));
        await device.ReleaseAsync(batch.Jobs[1]);
        await device.ReleaseAsync(batch.Jobs[0]);
        Assert.Equal(low.JobIds[0], (await device.ClaimAsync()).Jobs[0].JobId);
        await CheckAsync(low, normal, urgent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task QueueTimeout_EndsForEachRunByItself(bool isRetry)
    {
        var hour = TimeSpan.FromHours(1);
        var owner = await _queue.AcceptAsync(Run() with { QueueTimeout = hour });
        if (isRetry)
        {
            var device = (await _queue.AgentAsync())[0];
            await device.FinishAsync((await device.ClaimAsync()).Jobs[0], JobOutcome.Failed);
        }

        _queue.Advance(hour / 2);
        var guest = await _queue.AcceptAsync(Run() with { QueueTimeout = hour });
        _queue.Advance(hour / 2);
        await _queue.SweepAsync();

        Assert.Equal((JobStatus.Errored, VerdictCodes.QueueTimeout), await EndAsync(owner));
        Assert.Equal(JobStatus.Queued, (await _queue.JobAsync(guest.JobIds[0])).Status);
        await CheckAsync(owner, guest);

        _queue.Advance(hour / 2);
        await _queue.SweepAsync();

        Assert.Equal((JobStatus.Errored, VerdictCodes.QueueTimeout), await EndAsync(guest));
        Assert.Equal((0, 0), await QueuedAndRunningAsync());
    }

    [Fact]
    public async Task QueueTimeout_OfAJobThatComesBackLate_EndsForAllRuns()
    {
        var owner = await _queue.AcceptAsync(Run());
        var guest = await _queue.AcceptAsync(Run());
        await (await _queue.AgentAsync())[0].ClaimAsync();
        await _queue.SweepAsync();
        _queue.Advance(TimeSpan.FromHours(25)); // an outage: the first sweep behind it finds the job running
        await _queue.SweepAsync();
        Assert.Equal((0, 1), await QueuedAndRunningAsync());

        for (var sweeps = 0; sweeps < 5; sweeps++)
        {
            _queue.Advance(TimeSpan.FromSeconds(9));
            await _queue.SweepAsync();
        }

        Assert.Equal((JobStatus.Errored, VerdictCodes.QueueTimeout), await EndAsync(owner));
        Assert.Equal((JobStatus.Errored, VerdictCodes.QueueTimeout), await EndAsync(guest));
        await CheckAsync(owner, guest);
    }

    [Fact]
    public async Task Submission_BehindACondemnation_IsTriedAnewAndNotAttachedToWhatEndsUntried()
    {
        var broken = await _queue.AcceptAsync(Run(tests: 150));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        var before = await _queue.AcceptAsync(Run(tests: 1));
        _queue.Advance(TimeSpan.FromSeconds(1));
        await device.FinishAsync(batch.Jobs[0], JobOutcome.InstallFailed, VerdictCodes.InstallFailed); // on all devices there are
        _queue.Advance(TimeSpan.FromSeconds(1));

        var fresh = await _queue.AcceptAsync(Run(tests: 150)); // the others are held or queued, and no sweep was there yet

        Assert.Empty(fresh.Attached);
        await CheckAsync(broken, before, fresh);
        foreach (var job in batch.Jobs.Skip(1))
        {
            await device.FinishAsync(job, JobOutcome.InstallFailed, VerdictCodes.InstallFailed);
        }

        await _queue.SweepAsync();
        Assert.Equal((RunVerdict.Errored, 150), ((await _queue.RunAsync(broken.RunId)).Verdict, (await _queue.RunAsync(broken.RunId)).Counts.Errored));
        Assert.Equal((JobStatus.Errored, VerdictCodes.InstallFailed), await EndAsync(before));
        await CheckAsync(broken, before, fresh);
        Assert.Equal(3, (await _queue.AcceptAsync(Run(tests: 3))).Attached.Count(job => job.RunId == fresh.RunId));
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var again })
        {
            await PlacementTests.FinishAllAsync(device, again);
        }

        Assert.Equal(RunVerdict.Passed, (await _queue.RunAsync(fresh.RunId)).Verdict);
    }

    private async Task<(JobStatus Status, string? Code)> EndAsync(AcceptResult.Accepted run)
    {
        var job = await _queue.JobAsync(run.JobIds[0]);
        Assert.NotNull(job.FinishedAt);
        return (job.Status, job.Code);
    }

    private static RunSubmission Run(int tests = 1, string org = "acme", int priority = 5, string prefix = "tests/t") =>
        QueueHarness.Run(tests, org, priority: priority, prefix: prefix) with { Dedup = true, Bundle = "b" };

    private async Task<(RunVerdict? Verdict, RunCounts Counts)> VerdictAsync(AcceptResult.Accepted run)
    {
        var view = await _queue.RunAsync(run.RunId);
        return (view.Verdict, view.Counts);
    }

    private async Task<(long Queued, long Running)> QueuedAndRunningAsync()
    {
        var queue = await _queue.Jobs.GetQueueAsync(QueueHarness.Ct);
        return (queue.Queued, queue.Running);
    }

    private async Task CheckAsync(params AcceptResult.Accepted[] runs) => await _queue.Invariants.CheckAsync(runs.Select(run => run.RunId));
}
