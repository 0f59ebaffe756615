using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Tests that run and do not count.</summary>
public sealed class QuarantineTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection, options => options.RetryBaseDelay = options.RetryMaxDelay = TimeSpan.Zero);

    [Theory]
    [InlineData(JobOutcome.Failed)]
    [InlineData(JobOutcome.Errored)]
    public async Task Run_WhoseQuarantinedTestFails_PassesAndNamesIt(JobOutcome outcome)
    {
        await QuarantineAsync("tests/t1.spec.ts");

        var (run, jobs) = await RunAsync(3, test => test == "tests/t1.spec.ts" ? outcome : JobOutcome.Passed);

        Assert.Equal(RunVerdict.Passed, run.Verdict);
        Assert.Equal((2, outcome == JobOutcome.Failed ? 1 : 0, outcome == JobOutcome.Errored ? 1 : 0), (run.Counts.Passed, run.Counts.Failed, run.Counts.Errored));
        Assert.Equal(["tests/t1.spec.ts"], run.Quarantined!);
        Assert.Equal([false, true, false], jobs.Select(job => job.Quarantined));
        Assert.IsType<Rerun.NothingFailed>(await _queue.Jobs.PlanRerunAsync(run.Id, null, QueueHarness.Ct));
    }

    [Fact]
    public async Task Run_WhoseOtherTestFails_IsRed_AndARerunLeavesQuarantineOut()
    {
        await QuarantineAsync("tests/t1.spec.ts");

        var (run, _) = await RunAsync(3, test => test == "tests/t2.spec.ts" || test == "tests/t1.spec.ts" ? JobOutcome.Failed : JobOutcome.Passed);

        Assert.Equal(RunVerdict.Failed, run.Verdict);
        Assert.Equal(["tests/t2.spec.ts"], Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRerunAsync(run.Id, null, QueueHarness.Ct)).Submission.Tests);
    }

    [Theory]
    [InlineData(JobOutcome.Passed)]
    [InlineData(JobOutcome.Failed)]
    public async Task Run_OfNothingButQuarantine_ProvesNothing(JobOutcome outcome)
    {
        await QuarantineAsync("tests/t0.spec.ts");

        Assert.Equal(RunVerdict.Incomplete, (await RunAsync(1, _ => outcome)).Run.Verdict);
    }

    [Fact]
    public async Task List_AsItWasAtAcceptance_DecidesWhateverBecomesOfIt()
    {
        await QuarantineAsync("tests/t0.spec.ts");
        var (before, device) = (await _queue.AcceptAsync(QueueHarness.Run(2, attempts: 1)), (await _queue.AgentAsync())[0]);
        Assert.True(await _queue.History.ReleaseAsync("acme", "tests/t0.spec.ts", QueueHarness.Ct));
        Assert.False(await _queue.History.ReleaseAsync("acme", "tests/t0.spec.ts", QueueHarness.Ct));
        var after = await _queue.AcceptAsync(QueueHarness.Run(2, attempts: 1));
        await QuarantineAsync("tests/t0.spec.ts");

        await WorkAsync(device, test => test == "tests/t0.spec.ts" ? JobOutcome.Failed : JobOutcome.Passed);

        Assert.Equal((RunVerdict.Passed, RunVerdict.Failed), ((await _queue.RunAsync(before.RunId)).Verdict, (await _queue.RunAsync(after.RunId)).Verdict));
        Assert.Null((await _queue.RunAsync(after.RunId)).Quarantined);
        await _queue.Invariants.CheckAsync([before.RunId, after.RunId]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Job_ThatSeveralRunsShare_CountsOnlyWhereItIsNotInQuarantine(bool ownerFirst)
    {
        var run = QueueHarness.Run(2, attempts: 1) with { Dedup = true, Bundle = "b", FailFast = true };
        await QuarantineIfAsync(ownerFirst);
        var owner = await _queue.AcceptAsync(run);
        await QuarantineIfAsync(!ownerFirst);
        var guest = await _queue.AcceptAsync(run);
        await QuarantineIfAsync(true);
        var (lenient, strict) = ownerFirst ? (owner, guest) : (guest, owner);
        var gone = await _queue.AcceptAsync(run);
        await _queue.Jobs.CancelRunAsync(gone.RunId, null, QueueHarness.Ct);

        var device = (await _queue.AgentAsync())[0];
        var jobs = (await device.ClaimAsync()).Jobs;
        await device.FinishAsync(jobs[0], JobOutcome.Failed);
        await _queue.SweepAsync();
        await device.FinishAsync(jobs[1]);

        Assert.Equal(2, guest.Attached.Count);
        Assert.Equal((RunVerdict.Passed, new RunCounts(0, 0, Passed: 1, Failed: 1, 0, 0, 0)), await EndAsync(lenient));
        Assert.Equal((RunVerdict.Failed, new RunCounts(0, 0, 0, Failed: 1, 0, Cancelled: 1, 0)), await EndAsync(strict));
        Assert.Equal((RunVerdict.Cancelled, new RunCounts(0, 0, 0, 0, 0, Cancelled: 2, 0)), await EndAsync(gone));
        await _queue.Invariants.CheckAsync(owner.RunId, guest.RunId, gone.RunId);

        async Task<(RunVerdict? Verdict, RunCounts Counts)> EndAsync(AcceptResult.Accepted accepted)
        {
            var view = await _queue.RunAsync(accepted.RunId);
            return (view.Verdict, view.Counts);
        }

        async Task QuarantineIfAsync(bool there)
        {
            await _queue.History.ReleaseAsync("acme", "tests/t0.spec.ts", QueueHarness.Ct);
            if (there)
            {
                await QuarantineAsync("tests/t0.spec.ts");
            }
        }
    }

    [Fact]
    public async Task Matrix_WhoseQuarantinedTestFailsInOneCell_GoesOnAndPasses()
    {
        await QuarantineAsync("tests/t0.spec.ts");
        var run = QueueHarness.Run(2, attempts: 1);
        var matrix = await _queue.AcceptAsync(run.Of([run, run with { Project = "second" }]) with { FailFast = true });

        await WorkAsync((await _queue.AgentAsync())[0], test => test == "tests/t0.spec.ts" ? JobOutcome.Failed : JobOutcome.Passed);

        var whole = await _queue.RunAsync(matrix.RunId);
        Assert.Equal((RunVerdict.Passed, 2, 2), (whole.Verdict, whole.Counts.Passed, whole.Counts.Failed));
        await _queue.Invariants.CheckAsync(whole.Cells!.Select(cell => cell.RunId));
    }

    [Fact]
    public async Task Run_ThatFailsFast_GoesOnAfterAQuarantinedFailure()
    {
        await QuarantineAsync("tests/t0.spec.ts");
        var device = (await _queue.AgentAsync())[0];
        var run = await _queue.AcceptAsync(QueueHarness.Run(40, attempts: 1) with { FailFast = true });
        var jobs = (await device.ClaimAsync()).Jobs;
        await device.FinishAsync(jobs[0], JobOutcome.Failed);
        await _queue.SweepAsync();
        Assert.Equal(0, (await _queue.RunAsync(run.RunId)).Counts.Cancelled);

        await device.FinishAsync(jobs[1], JobOutcome.Failed);
        _queue.Advance(TimeSpan.FromSeconds(2)); // one sweep is let through per second
        await _queue.SweepAsync();

        Assert.Equal(40 - jobs.Count, (await _queue.RunAsync(run.RunId)).Counts.Cancelled);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Run_ThatIsCancelled_IsCancelled()
    {
        await QuarantineAsync("tests/t0.spec.ts");
        var run = await _queue.AcceptAsync(QueueHarness.Run(300));

        await _queue.Jobs.CancelRunAsync(run.RunId, null, QueueHarness.Ct);

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(run.RunId)).Verdict);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Quarantine_ThatIsFull_RefusesTheNextAndChangesWhatIsThere()
    {
        for (var i = 0; i < Limits.QuarantinedTests; i++)
        {
            await QuarantineAsync($"tests/t{i}.spec.ts");
        }

        Assert.False(await _queue.History.QuarantineAsync("acme", Entry("tests/more.spec.ts"), QueueHarness.Ct));
        Assert.True(await _queue.History.QuarantineAsync("acme", Entry("tests/t7.spec.ts") with { Reason = "other" }, QueueHarness.Ct));

        var list = (await _queue.History.ListQuarantineAsync("acme", QueueHarness.Ct)).Tests;
        Assert.Equal((Limits.QuarantinedTests, "other"), (list.Count, list.Single(test => test.TestPath == "tests/t7.spec.ts").Reason));
    }

    private static QuarantinedTest Entry(string test) => new() { TestPath = test, Since = DateTimeOffset.UnixEpoch };

    private async Task QuarantineAsync(string test) => Assert.True(await _queue.History.QuarantineAsync("acme", Entry(test), QueueHarness.Ct));

    private async Task<(RunView Run, IReadOnlyList<JobView> Jobs)> RunAsync(int tests, Func<string, JobOutcome> outcome)
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests, attempts: 1));
        await WorkAsync((await _queue.AgentAsync())[0], outcome);
        await _queue.Invariants.CheckAsync(run.RunId);
        return (await _queue.RunAsync(run.RunId), [.. await Task.WhenAll(run.JobIds.Select(_queue.JobAsync))]);
    }

    private static async Task WorkAsync(TestDevice device, Func<string, JobOutcome> outcome)
    {
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch.Jobs: var jobs })
        {
            foreach (var job in jobs)
            {
                await device.FinishAsync(job, outcome(job.TestPath));
            }
        }
    }
}
