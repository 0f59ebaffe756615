using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Runs that repeat others, and runs whose first failure is to be the last.</summary>
public sealed class RerunTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task PlanRerun_OfARunThatFailed_HasWhatDidNotPassWithItsSettings()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 4, attempts: 1, project: "smoke", reset: "full", priority: 7) with { Name = "nightly" });
        await EndAsync(("tests/t1.spec.ts", JobOutcome.Failed), ("tests/t3.spec.ts", JobOutcome.Errored));

        var plan = Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRerunAsync(run.RunId, null, QueueHarness.Ct)).Submission;

        Assert.Equal(["tests/t1.spec.ts", "tests/t3.spec.ts"], plan.Tests);
        Assert.Equal(("nightly", "smoke", "full", 7, 1), (plan.Name, plan.Project, plan.Reset, plan.Priority, plan.AttemptsMax));
        Assert.Equal(new RunOrigin(run.RunId, Inherited: 2, Attempt: 2), plan.Origin);
        Assert.Equal(new Lane(QueueHarness.Run(project: "smoke", reset: "full")), new Lane(plan));
    }

    [Fact]
    public async Task PlanRerun_OfARerun_InheritsThePassesOfBoth()
    {
        var first = await _queue.AcceptAsync(QueueHarness.Run(tests: 3, attempts: 1));
        await EndAsync(("tests/t1.spec.ts", JobOutcome.Failed), ("tests/t2.spec.ts", JobOutcome.Failed));
        var second = await AgainAsync(first.RunId);
        await EndAsync(("tests/t2.spec.ts", JobOutcome.Failed));

        var third = await AgainAsync(second);

        var view = await _queue.RunAsync(third);
        Assert.Equal((second, 2, 3, 1), (view.ParentRunId, view.Inherited, view.CiAttempt, view.Planned));
        await EndAsync();
        Assert.Equal(RunVerdict.Passed, (await _queue.RunAsync(third)).Verdict);
        Assert.IsType<Rerun.NothingFailed>(await _queue.Jobs.PlanRerunAsync(third, null, QueueHarness.Ct));
        Assert.Equal(RunVerdict.Failed, (await _queue.RunAsync(first.RunId)).Verdict);
    }

    [Fact]
    public async Task PlanRerun_BeforeTheEndOrOfNothing_PlansNothing()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 2));

        Assert.IsType<Rerun.NotEnded>(await _queue.Jobs.PlanRerunAsync(run.RunId, null, QueueHarness.Ct));
        Assert.IsType<Rerun.NotEnded>(await _queue.Jobs.PlanRetryAsync(run.JobIds[1], null, QueueHarness.Ct));
        Assert.Null(await _queue.Jobs.PlanRerunAsync("run_00000000000000000000", null, QueueHarness.Ct));
        Assert.Null(await _queue.Jobs.PlanRetryAsync(Ids.Job(run.RunId, 2), null, QueueHarness.Ct));
    }

    [Fact]
    public async Task PlanRetry_OfAnEndedJob_HasItsTestAloneAndInheritsNothing()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 3));
        await EndAsync();

        var plan = Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRetryAsync(run.JobIds[1], null, QueueHarness.Ct)).Submission;

        Assert.Equal(["tests/t1.spec.ts"], plan.Tests);
        Assert.Equal(new RunOrigin(run.RunId, Inherited: 0, Attempt: 2), plan.Origin);
    }

    [Fact]
    public async Task FailFast_OneFailsForGood_CancelsTheRestWithTheReason()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 300, attempts: 1) with { FailFast = true });
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.FinishAsync(batch.Jobs[0]);
        await device.FinishAsync(batch.Jobs[1], JobOutcome.Failed);

        while ((await _queue.RunAsync(run.RunId)).Counts.Queued > 0)
        {
            await _queue.SweepAsync();
        }

        Assert.Equal([.. batch.Jobs.Skip(2).Select(job => job.JobId)], (await device.BeatAsync([.. batch.Jobs.Skip(2)])).CancelJobIds);
        foreach (var job in batch.Jobs.Skip(2))
        {
            await device.FinishAsync(job, JobOutcome.Lost);
        }

        var view = await _queue.RunAsync(run.RunId);
        Assert.Equal((RunVerdict.Failed, 1, 1, 298), (view.Verdict, view.Counts.Passed, view.Counts.Failed, view.Counts.Cancelled));
        Assert.Contains("fail-fast", (await _queue.JobAsync(run.JobIds[299])).Message, StringComparison.Ordinal);
        await _queue.Invariants.CheckAsync();
    }

    [Fact]
    public async Task FailFast_AFailureThatIsTriedAgain_CancelsNothing()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 3, attempts: 2) with { FailFast = true });
        var device = (await _queue.AgentAsync())[0];
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0], JobOutcome.Failed);

        await _queue.SweepAsync();

        var counts = (await _queue.RunAsync(run.RunId)).Counts;
        Assert.Equal((3, 0), (counts.Queued + counts.Running, counts.Cancelled));
    }

    private async Task<string> AgainAsync(string runId) =>
        (await _queue.AcceptAsync(Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRerunAsync(runId, null, QueueHarness.Ct)).Submission)).RunId;

    // Ends all there is: as named, else with a pass.
    private async Task EndAsync(params (string Test, JobOutcome Outcome)[] outcomes)
    {
        var device = (await _queue.AgentAsync())[0];
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
        {
            foreach (var job in batch.Jobs)
            {
                await device.FinishAsync(job, outcomes.FirstOrDefault(named => named.Test == job.TestPath) is { Test: not null } named ? named.Outcome : JobOutcome.Passed);
            }
        }
    }
}
