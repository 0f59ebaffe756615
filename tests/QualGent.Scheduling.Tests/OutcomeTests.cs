using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>What every outcome of an attempt costs, and what ends a job.</summary>
public sealed class OutcomeTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Failed_OnTheLastAttempt_EndsFailedAndNeverChanges()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(attempts: 1));
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        Assert.Equal(WriteStatus.Done, await device.FinishAsync(job, JobOutcome.Failed));

        Assert.Equal(WriteStatus.Duplicate, await device.FinishAsync(job));
        Assert.Equal(WriteStatus.Stale, await device.StartAsync(job));
        await _queue.Jobs.CancelJobAsync(job.JobId, null, QueueHarness.Ct);

        Assert.Equal(JobStatus.Failed, (await _queue.JobAsync(job.JobId)).Status);
        Assert.Equal(RunVerdict.Failed, (await _queue.RunAsync(run.RunId)).Verdict);
    }

    [Fact]
    public async Task Writes_WithTheTokenOfAnEarlierClaimOfTheSameDevice_ChangeNothing()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var before = (await device.ClaimAsync()).Jobs[0];
        await device.ReleaseAsync(before);
        var now = (await device.ClaimAsync()).Jobs[0];
        Assert.Equal(before.JobId, now.JobId);
        var digest = await _queue.Invariants.DigestAsync();

        Assert.Equal(WriteStatus.Duplicate, await device.FinishAsync(before, JobOutcome.Failed)); // giving it back was the report
        Assert.Equal(WriteStatus.Stale, await device.StartAsync(before));
        Assert.Equal(WriteStatus.Duplicate, await device.ReleaseAsync(before));

        Assert.Equal(digest, await _queue.Invariants.DigestAsync());
        Assert.Equal(WriteStatus.Done, await device.FinishAsync(now));
    }

    [Theory]
    [InlineData(VerdictCodes.LoadError)]
    [InlineData(VerdictCodes.NotFound)]
    public async Task Failed_WithACodeThatASecondRunCannotChange_IsFinal(string code)
    {
        await _queue.AcceptAsync(QueueHarness.Run(attempts: 5));
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];

        await device.FinishAsync(job, JobOutcome.Failed, code);

        var view = await _queue.JobAsync(job.JobId);
        Assert.Equal((JobStatus.Failed, code, 1), (view.Status, view.Code, view.Attempts));
    }

    [Fact]
    public async Task Failed_AgainAndAgain_WaitsLongerEachTimeButNeverLongerThanTheLimit()
    {
        await _queue.AcceptAsync(QueueHarness.Run(attempts: 10));
        var device = (await _queue.AgentAsync())[0];
        for (var attempt = 1; attempt < 10; attempt++)
        {
            await _queue.SweepAsync();
            var job = (await device.ClaimAsync()).Jobs[0];
            await device.FinishAsync(job, JobOutcome.Failed);
            var wait = (await _queue.JobAsync(job.JobId)).NotBefore!.Value.ToUnixTimeMilliseconds() - _queue.NowMs;
            Assert.InRange(wait, 0, Math.Min(300_000, 5000 * Math.Pow(2, attempt)));
            await device.ClaimNothingAsync();
            await _queue.SweepAsync();
            _queue.Advance(TimeSpan.FromMilliseconds(wait - 1));
            await _queue.SweepAsync();
            await device.ClaimNothingAsync();
            _queue.Advance(TimeSpan.FromMilliseconds(300));
            Assert.Equal(WriteStatus.Duplicate, await device.FinishAsync(job, JobOutcome.Failed));
            await device.BeatAsync();
        }
    }

    [Theory]
    [InlineData(LossCharge.WhenBegun, false, 0)]
    [InlineData(LossCharge.WhenBegun, true, 1)]
    [InlineData(LossCharge.Never, true, 0)]
    [InlineData(LossCharge.Always, false, 1)]
    public async Task Lost_BegunOrNot_IsCountedAsTheReporterAsks(LossCharge charge, bool begun, int losses)
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        if (begun)
        {
            await device.StartAsync(job);
        }

        await device.FinishAsync(job, JobOutcome.Lost, VerdictCodes.Infrastructure, charge);

        var view = await _queue.JobAsync(job.JobId);
        Assert.Equal((JobStatus.Queued, 0, losses), (view.Status, view.Attempts, view.InfrastructureLosses));
    }

    [Fact]
    public async Task Lost_MoreOftenThanTheLimit_EndsErroredWithoutUsingAnAttempt()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        for (var losses = 0; losses <= Limits.InfrastructureLossesMax; losses++)
        {
            Assert.Equal(JobStatus.Queued, (await _queue.JobAsync(run.JobIds[0])).Status);
            _queue.Advance(TimeSpan.FromMinutes(3));
            await device.BeatAsync();
            await _queue.SweepAsync();
            var job = (await device.ClaimAsync()).Jobs[0];
            await device.StartAsync(job);
            await device.FinishAsync(job, JobOutcome.Lost, VerdictCodes.Infrastructure);
        }

        var view = await _queue.JobAsync(run.JobIds[0]);
        Assert.Equal((JobStatus.Errored, VerdictCodes.Infrastructure, 0, 4), (view.Status, view.Code, view.Attempts, view.InfrastructureLosses));
        Assert.Equal(RunVerdict.Errored, (await _queue.RunAsync(run.RunId)).Verdict);
    }

    [Fact]
    public async Task RunAlone_ASecondTime_IsJudged()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(attempts: 1));
        var device = (await _queue.AgentAsync())[0];
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0], JobOutcome.RunAlone);

        await device.FinishAsync((await device.ClaimAsync()).Jobs[0], JobOutcome.RunAlone);

        var view = await _queue.JobAsync(run.JobIds[0]);
        Assert.Equal((JobStatus.Errored, VerdictCodes.RunnerError), (view.Status, view.Code));
    }

    [Fact]
    public async Task InstallFailed_ReportedByAllOfABatch_DoesNotBarTheOnlyDeviceFromAFreshRun()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(3));
        foreach (var job in (await device.ClaimAsync()).Jobs)
        {
            await device.FinishAsync(job, JobOutcome.InstallFailed, VerdictCodes.InstallFailed);
        }

        _queue.Advance(TimeSpan.FromSeconds(1));
        await _queue.AcceptAsync(QueueHarness.Run(1));
        await _queue.SweepAsync();

        Assert.Single((await device.ClaimAsync()).Jobs);
    }

    [Fact]
    public async Task InstallFailed_OnAllThatCouldServe_EndsTheGroupButNotAFreshRun()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        var broken = await _queue.AcceptAsync(QueueHarness.Run(150));
        _queue.Advance(TimeSpan.FromMilliseconds(1));
        var other = await _queue.AcceptAsync(QueueHarness.Run(1, app: "fine"));
        var first = (await devices[0].ClaimAsync()).Jobs;
        foreach (var job in first)
        {
            await devices[0].FinishAsync(job, JobOutcome.InstallFailed, VerdictCodes.InstallFailed);
        }

        Assert.Equal("fine", (await devices[0].ClaimAsync()).AppVersionId); // barred for the broken build
        var second = (await devices[1].ClaimAsync()).Jobs;
        _queue.Advance(TimeSpan.FromSeconds(1));
        await devices[1].FinishAsync(second[0], JobOutcome.InstallFailed, VerdictCodes.InstallFailed);
        _queue.Advance(TimeSpan.FromSeconds(1));
        var fresh = await _queue.AcceptAsync(QueueHarness.Run(5));
        await _queue.SweepAsync();
        foreach (var job in second.Skip(1))
        {
            await devices[1].FinishAsync(job, JobOutcome.InstallFailed, VerdictCodes.InstallFailed);
        }

        var run = await _queue.RunAsync(broken.RunId);
        Assert.Equal((RunVerdict.Errored, 150), (run.Verdict, run.Counts.Errored));
        Assert.Equal(VerdictCodes.InstallFailed, (await _queue.JobAsync(broken.JobIds[149])).Code);
        Assert.Equal(5, (await _queue.RunAsync(fresh.RunId)).Counts.Queued);
        await _queue.Invariants.CheckAsync(broken.RunId, other.RunId, fresh.RunId);
    }

    [Fact]
    public async Task Cancel_OfAQueuedJob_EndsItAtOnceAndNobodyEverGetsIt()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(2));

        var view = await _queue.Jobs.CancelJobAsync(run.JobIds[0], "wrong build", QueueHarness.Ct);

        Assert.Equal((JobStatus.Cancelled, VerdictCodes.Cancelled, "wrong build"), (view!.Status, view.Code, view.Message));
        var device = (await _queue.AgentAsync())[0];
        Assert.Equal([run.JobIds[1]], (await device.ClaimAsync()).Jobs.Select(job => job.JobId));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Theory]
    [InlineData(JobOutcome.Passed, JobStatus.Passed)]
    [InlineData(JobOutcome.Failed, JobStatus.Failed)]
    [InlineData(JobOutcome.Errored, JobStatus.Cancelled)]
    [InlineData(JobOutcome.Lost, JobStatus.Cancelled)]
    public async Task Cancel_OfARunningJob_IsToldToItsAgentAndTheOutcomeDecides(JobOutcome outcome, JobStatus expected)
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var hints = new System.Collections.Concurrent.ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);

        await _queue.Jobs.CancelJobAsync(job.JobId, null, QueueHarness.Ct);

        await Testing.Eventually.HoldsAsync(() => hints.Contains(new AgentHint(device.Id, AgentHintKind.Beat)), "the agent is told", QueueHarness.Ct);
        Assert.Equal([job.JobId], (await device.BeatAsync(job)).CancelJobIds);
        await device.FinishAsync(job, outcome, outcome == JobOutcome.Passed ? null : VerdictCodes.RunnerError);
        Assert.Equal(expected, (await _queue.JobAsync(job.JobId)).Status);
    }

    [Fact]
    public async Task Cancel_OfARun_EndsWhatWaitsAndMarksWhatRuns()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(450));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();

        var view = await _queue.Jobs.CancelRunAsync(run.RunId, null, QueueHarness.Ct);

        Assert.Equal(new RunCounts(0, 6, 0, 0, 0, 444, 0), view!.Counts);
        foreach (var job in batch.Jobs)
        {
            Assert.Equal(WriteStatus.Done, await device.ReleaseAsync(job));
        }

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(run.RunId)).Verdict);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Waiting_LongerThanAllowed_EndsErrored()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(3) with { QueueTimeout = TimeSpan.FromMinutes(1) });
        _queue.Advance(TimeSpan.FromSeconds(59));
        await _queue.SweepAsync();
        Assert.Equal(3, (await _queue.RunAsync(run.RunId)).Counts.Queued);

        _queue.Advance(TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();

        Assert.Equal(RunVerdict.Errored, (await _queue.RunAsync(run.RunId)).Verdict);
        Assert.Equal(VerdictCodes.QueueTimeout, (await _queue.JobAsync(run.JobIds[0])).Code);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Waiting_OfAJobThatIsReleasedAgainAndAgain_EndsNeverthelessAndARetryWaitsAnew()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(2) with { QueueTimeout = TimeSpan.FromMinutes(1) });
        var device = (await _queue.AgentAsync())[0];
        await _queue.SweepAsync();
        var retried = (await device.ClaimAsync()).Jobs.Single(job => job.JobId == run.JobIds[1]);
        _queue.Advance(TimeSpan.FromSeconds(5));
        await device.FinishAsync(retried, JobOutcome.Failed);
        for (var passed = 5; passed < 60; passed += 5)
        {
            Assert.Equal(JobStatus.Queued, (await _queue.JobAsync(run.JobIds[1])).Status);
            foreach (var job in (await device.ClaimAsync()).Jobs)
            {
                Assert.Equal(WriteStatus.Done, await device.ReleaseAsync(job));
            }

            _queue.Advance(TimeSpan.FromSeconds(5));
            await _queue.SweepAsync();
        }

        Assert.Equal((JobStatus.Errored, JobStatus.Queued), ((await _queue.JobAsync(run.JobIds[0])).Status, (await _queue.JobAsync(run.JobIds[1])).Status));
        Assert.Equal(VerdictCodes.QueueTimeout, (await _queue.JobAsync(run.JobIds[0])).Code);
        _queue.Advance(TimeSpan.FromSeconds(5));
        await _queue.SweepAsync();
        Assert.Equal(RunVerdict.Errored, (await _queue.RunAsync(run.RunId)).Verdict);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Waiting_OfJobsGivenBackWhileALongRunIsLookedThrough_EndsToo()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(450) with { QueueTimeout = TimeSpan.FromMinutes(1) });
        var device = (await _queue.AgentAsync())[0];
        var held = (await device.ClaimAsync()).Jobs;
        _queue.Advance(TimeSpan.FromMinutes(1));
        await _queue.Scripts.RunAsync("expire"); // the first 200, among them those that are held
        Assert.Equal(250, (await _queue.RunAsync(run.RunId)).Counts.Queued);

        await device.FinishAsync(held[0], JobOutcome.Failed);
        foreach (var job in held.Skip(1))
        {
            await device.ReleaseAsync(job);
        }

        await _queue.SweepAsync();
        Assert.Equal(new RunCounts(1, 0, 0, 0, 449, 0, 0), (await _queue.RunAsync(run.RunId)).Counts);
        _queue.Advance(TimeSpan.FromMinutes(1));
        await _queue.SweepAsync();
        Assert.Equal(new RunCounts(0, 0, 0, 0, 450, 0, 0), (await _queue.RunAsync(run.RunId)).Counts);
        await _queue.Invariants.CheckAsync(run.RunId);
    }
}
