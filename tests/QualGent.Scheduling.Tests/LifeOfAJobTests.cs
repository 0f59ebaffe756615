using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>The straight way of a job, and how little it takes to leave it.</summary>
public sealed class LifeOfAJobTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Run_OfThreeTests_IsOneBatchAndEndsPassed()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(3));
        var device = (await _queue.AgentAsync())[0];

        var batch = await device.ClaimAsync();

        Assert.Equal(run.JobIds, batch.Jobs.Select(job => job.JobId));
        Assert.Equal(["tests/t0.spec.ts", "tests/t1.spec.ts", "tests/t2.spec.ts"], batch.Jobs.Select(job => job.TestPath));
        foreach (var job in batch.Jobs)
        {
            Assert.Equal(WriteStatus.Done, await device.StartAsync(job));
            Assert.Equal(JobPhase.Testing, (await _queue.JobAsync(job.JobId)).Phase);
            Assert.Equal(WriteStatus.Done, await device.FinishAsync(job));
            await _queue.Invariants.CheckAsync(run.RunId);
        }

        var view = await _queue.RunAsync(run.RunId);
        Assert.Equal(RunVerdict.Passed, view.Verdict);
        Assert.Equal(new RunCounts(0, 0, 3, 0, 0, 0, 0), view.Counts);
        await device.ClaimNothingAsync();
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Failure_WithAttemptsLeft_IsRetriedAfterItsDelayAndEndsFlaky()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];

        Assert.Equal(WriteStatus.Done, await device.FinishAsync(job, JobOutcome.Failed));

        await _queue.Invariants.CheckAsync(run.RunId);
        var waiting = await _queue.JobAsync(job.JobId);
        Assert.Equal((JobStatus.Queued, 1, VerdictCodes.Assertion), (waiting.Status, waiting.Attempts, waiting.Code));
        _queue.Advance(TimeSpan.FromSeconds(11));
        await _queue.SweepAsync();
        var again = (await device.ClaimAsync()).Jobs[0];
        Assert.Equal(2, again.Attempt);
        Assert.True(again.Token > job.Token);
        Assert.Equal(WriteStatus.Done, await device.FinishAsync(again));
        Assert.True((await _queue.JobAsync(job.JobId)).Flaky);
        Assert.Equal(1, (await _queue.RunAsync(run.RunId)).Counts.Flaky);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task LeaseThatEnds_ReturnsTheJobAndRefusesTheOldHolder()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(2));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.StartAsync(batch.Jobs[0]);
        await _queue.SweepAsync();

        for (var i = 0; i < 4; i++)
        {
            _queue.Advance(TimeSpan.FromSeconds(9));
            await _queue.SweepAsync();
        }

        await _queue.Invariants.CheckAsync(run.RunId);
        var views = await Task.WhenAll(run.JobIds.Select(_queue.JobAsync));
        Assert.All(views, job => Assert.Equal(JobStatus.Queued, job.Status));
        Assert.Equal([1, 0], views.Select(job => job.InfrastructureLosses));
        Assert.Equal(WriteStatus.Stale, await device.FinishAsync(batch.Jobs[0]));
        Assert.True((await device.BeatAsync(batch.Jobs[0])).Fenced);
        Assert.IsType<ClaimResult.Fenced>(await device.TryClaimAsync());
        await _queue.Invariants.CheckAsync(run.RunId);
    }
}
