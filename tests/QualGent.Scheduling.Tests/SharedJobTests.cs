using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using QualGent.Scheduling.Tests.Harness;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>What a job that several runs wait for means for everything else a run can do and suffer.</summary>
public sealed class SharedJobTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);
    private readonly IDatabase _database = redis.Connection.GetDatabase();

    [Fact]
    public async Task LargeRun_WhoseCallerDies_IsAttachedBySweeps()
    {
        var run = Run(tests: 450);
        var first = await _queue.AcceptAsync(run);
        var runId = await StoreAsync(run, "key");
        await _queue.Invariants.CheckAsync(first.RunId, runId);

        await _queue.SweepAsync();

        await _queue.Invariants.CheckAsync(first.RunId, runId);
        Assert.Equal(450, (await _queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Queued);
        var repeated = await _queue.AcceptAsync(run, new IdempotencyKey("key", "hash"));
        Assert.Equal((true, runId, 450), (repeated.Replayed, repeated.RunId, repeated.Attached.Count));
        await _queue.Jobs.CancelRunAsync(first.RunId, null, QueueHarness.Ct);
        Assert.Equal(450, (await _queue.RunAsync(runId)).Counts.Queued);
        await _queue.Invariants.CheckAsync(first.RunId, runId);
    }

    [Fact]
    public async Task FullQueue_WithAttachedTests_CountsEachJobOnce()
    {
        var queue = new QueueHarness(redis.Connection, options => options.QueuedPerOrgMax = 4);
        var first = await queue.AcceptAsync(Run(tests: 2));

        await queue.AcceptAsync(Run(tests: 2));
        await queue.AcceptAsync(Run(tests: 2));

        Assert.Equal(2, (await queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Queued);
        await queue.Jobs.CancelRunAsync(first.RunId, null, QueueHarness.Ct);
        Assert.Equal(2, (await queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Queued);
        await queue.AcceptAsync(Run(tests: 2, prefix: "more"));
        Assert.IsType<AcceptResult.QueueFull>(await queue.Jobs.AcceptAsync(Run(tests: 1, prefix: "still"), null, QueueHarness.Ct));
    }

    [Fact]
    public async Task Retention_OfARunWhoseJobAnotherRunShares_WaitsForThatRun()
    {
        var patience = TimeSpan.FromDays(30);
        var owner = await _queue.AcceptAsync(Run() with { QueueTimeout = patience });
        var guest = await _queue.AcceptAsync(Run(tests: 2) with { QueueTimeout = patience });
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await ReportAsync(device, batch.Jobs.Single(job => job.JobId == owner.JobIds[0]));
        await RetainAsync(0.9);
        Assert.Equal(WriteStatus.Stale, await device.FinishAsync(batch.Jobs.Single(job => job.JobId == guest.JobIds[1])));
        device = (await _queue.AgentAsync())[0];
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);
        await RetainAsync(0.2);

        var shared = await _queue.JobAsync(guest.JobIds[0]);

        Assert.Equal((JobStatus.Passed, owner.JobIds[0]), (shared.Status, shared.AttachedTo));
        Assert.Single((await _queue.Results.ReadAsync([shared], QueueHarness.Ct))[0]);
        Assert.Null(await _queue.Jobs.GetRunAsync(owner.RunId, QueueHarness.Ct)); // its time is over; what the guest needs of it is not
        await _queue.Invariants.CheckAsync(owner.RunId, guest.RunId);
        await RetainAsync(1.1);
        await RetainAsync(1.1);
        Assert.Null(await _queue.Jobs.GetJobAsync(guest.JobIds[0], QueueHarness.Ct));
        Assert.Empty(await KeysAsync(owner.RunId, guest.RunId));
    }

    [Fact]
    public async Task Retention_OfRunsThatHavePartsInEachOther_TakesBoth()
    {
        var run = Run(tests: 201);
        var (first, second) = (await StoreAsync(run, "first"), await StoreAsync(run, "second"));
        foreach (var next in (string[])[first, second, second, first]) // as two API instances expand them, 200 tests at a time
        {
            await _queue.Scripts.RunAsync("expand", next);
        }

        await _queue.Invariants.CheckAsync(first, second);
        Assert.Equal([second, first], new[] { (await _queue.JobAsync(Ids.Job(first, 200))).AttachedTo, (await _queue.JobAsync(Ids.Job(second, 0))).AttachedTo }.Select(job => Ids.RunOf(job!)));
        await _queue.Jobs.CancelRunAsync(first, null, QueueHarness.Ct);
        await _queue.Jobs.CancelRunAsync(second, null, QueueHarness.Ct);

        await RetainAsync(1.1);
        await RetainAsync(1.1);

        Assert.Empty(await KeysAsync(first, second));
    }

    [Fact]
    public async Task Retention_OfRunsEachOfWhichHasAPartInTheOneBefore_DoesNotWaitForTheLast()
    {
        var runs = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var tests = Run(tests: i + 2).Tests.Skip(i).ToList(); // t0 t1, t1 t2, t2 t3, …
            var accepted = await _queue.AcceptAsync(Run() with { Tests = tests });
            Assert.Equal(i == 0 ? 0 : 1, accepted.Attached.Count);
            runs.Add(accepted.RunId);
        }

        foreach (var run in runs)
        {
            await _queue.Jobs.CancelRunAsync(run, null, QueueHarness.Ct);
        }

        await RetainAsync(1.1);
        await RetainAsync(1.1);

        Assert.Empty(await KeysAsync([.. runs]));
    }

    [Fact]
    public async Task Executions_AfterARunHasLeft_AreNotItsOwn()
    {
        var owner = await _queue.AcceptAsync(Run());
        var guest = await _queue.AcceptAsync(Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        await _queue.Jobs.CancelRunAsync(owner.RunId, null, QueueHarness.Ct);
        _queue.Advance(TimeSpan.FromSeconds(1));
        await ReportAsync(device, job);

        var results = await _queue.Results.ReadAsync([await _queue.JobAsync(owner.JobIds[0]), await _queue.JobAsync(guest.JobIds[0])], QueueHarness.Ct);

        Assert.Equal([0, 1], results.Select(attempts => attempts.Count));
    }

    [Fact]
    public async Task FailFast_OfOneRun_LeavesTheOthersAlone()
    {
        var patient = await _queue.AcceptAsync(Run(tests: 3));
        var hasty = await _queue.AcceptAsync(Run(tests: 3) with { FailFast = true });
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.FinishAsync(batch.Jobs[0], JobOutcome.Failed, VerdictCodes.LoadError);

        await _queue.SweepAsync();

        Assert.Equal((RunVerdict.Failed, 2), ((await _queue.RunAsync(hasty.RunId)).Verdict!.Value, (await _queue.RunAsync(hasty.RunId)).Counts.Cancelled));
        Assert.Equal((RunState.Open, 2), ((await _queue.RunAsync(patient.RunId)).State, (await _queue.RunAsync(patient.RunId)).Counts.Running));
        await _queue.Invariants.CheckAsync(patient.RunId, hasty.RunId);
    }

    [Fact]
    public async Task Lease_ThatLapses_GivesUpOnlyItsOwnRunsPart()
    {
        var killed = await _queue.AcceptAsync(Run() with { Lease = TimeSpan.FromMinutes(1) });
        var kept = await _queue.AcceptAsync(Run());
        _queue.Advance(TimeSpan.FromMinutes(2));

        await _queue.SweepAsync();

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(killed.RunId)).Verdict);
        Assert.Equal(1, (await _queue.RunAsync(kept.RunId)).Counts.Queued);
        await _queue.Invariants.CheckAsync(killed.RunId, kept.RunId);
    }

    [Fact]
    public async Task Rerun_OfBothRunsThatShareAFailure_SharesAgain()
    {
        var first = await _queue.AcceptAsync(Run(tests: 2));
        var second = await _queue.AcceptAsync(Run(tests: 2));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.FinishAsync(batch.Jobs[0], JobOutcome.Failed, VerdictCodes.LoadError);
        await device.FinishAsync(batch.Jobs[1]);

        var plans = new[] { await _queue.Jobs.PlanRerunAsync(first.RunId, null, QueueHarness.Ct), await _queue.Jobs.PlanRerunAsync(second.RunId, null, QueueHarness.Ct) }.Cast<Rerun.Ready>().ToList();

        Assert.All(plans, plan => Assert.Equal(["tests/t0.spec.ts"], plan.Submission.Tests));
        Assert.Empty((await _queue.AcceptAsync(plans[0].Submission)).Attached);
        Assert.Single((await _queue.AcceptAsync(plans[1].Submission)).Attached);
        Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRetryAsync(second.JobIds[0], null, QueueHarness.Ct));
    }

    [Fact]
    public async Task Job_ThatManyRunsWaitFor_LetsTheNextOneQueueAnother()
    {
        var owner = await _queue.AcceptAsync(Run());
        for (var i = 0; i < 100; i++)
        {
            Assert.Single((await _queue.AcceptAsync(Run())).Attached);
        }

        var next = await _queue.AcceptAsync(Run());

        Assert.Empty(next.Attached);
        Assert.Equal(next.JobIds[0], Assert.Single((await _queue.AcceptAsync(Run())).Attached).AttachedTo);
        await _queue.Jobs.CancelRunAsync(owner.RunId, null, QueueHarness.Ct);
        Assert.Equal(2, (await _queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Queued);
    }

    [Fact]
    public async Task SharedJob_ThatItsIndexLost_IsRepairedThoughItsOwnRunHasEnded()
    {
        var owner = await _queue.AcceptAsync(Run());
        var guest = await _queue.AcceptAsync(Run());
        await _queue.Jobs.CancelRunAsync(owner.RunId, null, QueueHarness.Ct);
        var lane = new Lane(Run());
        await _database.KeyDeleteAsync(_queue.Keys.Ready(lane.Text));

        for (var sweeps = 0; sweeps < 10; sweeps++)
        {
            _queue.Advance(TimeSpan.FromSeconds(1));
            await _queue.SweepAsync();
        }

        await _queue.Invariants.CheckAsync(owner.RunId, guest.RunId);
        Assert.Equal(owner.JobIds[0], (await (await _queue.AgentAsync())[0].ClaimAsync()).Jobs[0].JobId);
    }

    private static RunSubmission Run(int tests = 1, string prefix = "tests/t") => QueueHarness.Run(tests, prefix: prefix) with { Dedup = true, Bundle = "b" };

    // What AcceptAsync sends, without what it does afterwards.
    private async Task<string> StoreAsync(RunSubmission run, string key)
    {
        var (runId, lane) = (Ids.NewRun(TimeProvider.System), new Lane(run));
        await _queue.Scripts.RunAsync("accept", [
            300_000, 9999, 9999,
            runId, run.OrgId, run.AppVersionId, "", run.Priority, run.Class.Text, "", run.Reset, 2, 600_000, 86_400_000, 0, "", lane.Group, lane.Text, key, "hash", "", "", "b", "", "", "", 1, "", run.Tests.Count,
            .. run.Tests.Select(test => (RedisValue)test)]);
        return runId;
    }

    private async Task<IReadOnlyList<string>> KeysAsync(params string[] runIds) =>
        [.. ((string[])(await _database.ExecuteAsync("KEYS", $"qg:?{_queue.Options.Pool}?:*"))!).Where(key => runIds.Any(run => key.Contains(run[4..], StringComparison.Ordinal)))];

    private static async Task ReportAsync(TestDevice device, ClaimedJob job)
    {
        var details = new AttemptDetails { Device = "d", Phases = new AttemptPhases(), Tests = [] };
        Assert.Equal(WriteStatus.Done, await device.Queue.Agents.FinishAsync(new JobReport { Job = device.Handle(job), Outcome = JobOutcome.Passed, Details = details }, QueueHarness.Ct));
    }

    // Part of the retention time passes, and nobody is late.
    private async Task RetainAsync(double part)
    {
        _queue.Advance(_queue.Options.Retention * part);
        for (var sweeps = 0; sweeps < 3; sweeps++)
        {
            await _queue.SweepAsync();
            _queue.Advance(_queue.Options.LeaseDuration);
        }
    }
}
