using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>One suite on several kinds of devices: each cell is a run, and the whole is one too.</summary>
public sealed class MatrixTests(RedisFixture redis)
{
    private static readonly string[] s_versions = ["13", "14"];
    private readonly QueueHarness _queue = new(redis.Connection, options => options.QueuedPerOrgMax = 10);

    private static CancellationToken Ct => QueueHarness.Ct;

    [Fact]
    public async Task Accept_AMatrix_HasAJobPerTestAndCellAndAVerdictForEachAndForAll()
    {
        var matrix = await AcceptAsync(tests: 2, attempts: 1);
        Assert.Equal(["13 t0", "13 t1", "14 t0", "14 t1"], (await JobsAsync(matrix.RunId)).Select(job => $"{job.Labels!["os"]} {job.TestPath[6..8]}"));
        Assert.Equal(matrix.JobIds, (await JobsAsync(matrix.RunId)).Select(job => job.Id));

        await WorkAsync("14", JobOutcome.Passed);
        var half = await _queue.RunAsync(matrix.RunId);
        Assert.Equal((RunState.Open, null), (half.State, half.Verdict));
        Assert.Equal([null, RunVerdict.Passed], half.Cells!.Select(cell => cell.Verdict));
        await WorkAsync("13", JobOutcome.Failed);

        var whole = await _queue.RunAsync(matrix.RunId);
        Assert.Equal((RunVerdict.Failed, 4, 2, 2), (whole.Verdict, whole.Planned, whole.Counts.Passed, whole.Counts.Failed));
        Assert.Equal([RunVerdict.Failed, RunVerdict.Passed], whole.Cells!.Select(cell => cell.Verdict));
        Assert.Equal((RunVerdict.Passed, matrix.RunId), ((await _queue.RunAsync(Ids.Cell(matrix.RunId, 1))).Verdict, (await _queue.RunAsync(Ids.Cell(matrix.RunId, 1))).MatrixRunId));
        await _queue.Invariants.CheckAsync(Cells(matrix));
    }

    [Fact]
    public async Task Accept_WithAKeyOrOverTheQuota_IsAllOrNothing()
    {
        var key = new IdempotencyKey("k", "hash");
        var first = await _queue.AcceptAsync(Matrix(3), key);
        var before = await _queue.Invariants.DigestAsync();

        var again = await _queue.AcceptAsync(Matrix(3), key);
        Assert.Equal((first.RunId, true), (again.RunId, again.Replayed));
        Assert.Equal(first.JobIds, again.JobIds);
        Assert.IsType<AcceptResult.KeyReused>(await _queue.Jobs.AcceptAsync(Matrix(1), key with { BodyHash = "other" }, Ct));
        Assert.IsType<AcceptResult.QueueFull>(await _queue.Jobs.AcceptAsync(Matrix(3), null, Ct)); // 6 of 10 are queued, one cell would fit

        Assert.Equal(before, await _queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task Accept_OfMoreNewClassesThanThereIsRoomFor_StoresNothing()
    {
        await _queue.AcceptAsync(QueueHarness.Run() with { Class = Class("13") });
        var others = Enumerable.Range(0, 998).Select(i => new StackExchange.Redis.SortedSetEntry(Class($"x{i}").Text, _queue.NowMs)).ToArray();
        await redis.Connection.GetDatabase().SortedSetAddAsync(_queue.Keys.Classes, others); // one more has room
        var before = await _queue.Invariants.DigestAsync();

        Assert.Equal("classes", Assert.IsType<AcceptResult.QueueFull>(await _queue.Jobs.AcceptAsync(Matrix(1, "14", "15"), null, Ct)).Limit);

        Assert.Equal(before, await _queue.Invariants.DigestAsync());
        await _queue.AcceptAsync(Matrix(1, "13", "14", "14"));
        Assert.IsType<AcceptResult.QueueFull>(await _queue.Jobs.AcceptAsync(Matrix(1, "13", "15"), null, Ct));
        await _queue.AcceptAsync(Matrix(1, "13", "14"));
    }

    [Fact]
    public async Task Cancel_TheWholeOrACell_EndsJustThat()
    {
        var matrix = await AcceptAsync(tests: 2);
        var device = (await DeviceAsync("13"))[0];
        var running = await device.ClaimAsync();

        var cell = await _queue.Jobs.CancelRunAsync(Ids.Cell(matrix.RunId, 1), "not needed", Ct);
        Assert.Equal(RunVerdict.Cancelled, cell!.Verdict);
        Assert.Equal((RunState.Open, 2), ((await _queue.RunAsync(matrix.RunId)).State, (await _queue.RunAsync(matrix.RunId)).Counts.Cancelled));
        await _queue.Jobs.CancelRunAsync(matrix.RunId, "no time", Ct);

        Assert.Equal([.. running.Jobs.Select(job => job.JobId)], (await device.BeatAsync([.. running.Jobs])).CancelJobIds);
        await PlacementTests.FinishAllAsync(device, running);
        var whole = await _queue.RunAsync(matrix.RunId);
        Assert.Equal((RunState.Ended, RunVerdict.Cancelled), (whole.State, whole.Verdict));
        await _queue.Invariants.CheckAsync(Cells(matrix));
    }

    [Fact]
    public async Task FailFast_AFailureInOneCell_CancelsTheOthers()
    {
        var matrix = await _queue.AcceptAsync(Matrix(2, attempts: 1) with { FailFast = true });
        var device = (await DeviceAsync("13"))[0];
        var batch = await device.ClaimAsync();
        await device.FinishAsync(batch.Jobs[0], JobOutcome.Failed);
        foreach (var job in batch.Jobs.Skip(1))
        {
            await device.ReleaseAsync(job);
        }

        await _queue.SweepAsync();

        var whole = await _queue.RunAsync(matrix.RunId);
        Assert.Equal((RunVerdict.Failed, 1, 3), (whole.Verdict, whole.Counts.Failed, whole.Counts.Cancelled));
        await _queue.Invariants.CheckAsync(Cells(matrix));
    }

    [Fact]
    public async Task Lease_ThatNobodyRenews_CancelsEveryCell()
    {
        var matrix = await _queue.AcceptAsync(Matrix(2) with { Lease = TimeSpan.FromSeconds(60) });
        _queue.Advance(TimeSpan.FromSeconds(40));
        Assert.True(await _queue.Jobs.RenewRunAsync(matrix.RunId, Ct));
        _queue.Advance(TimeSpan.FromSeconds(40));
        await _queue.SweepAsync();
        Assert.Equal(RunState.Open, (await _queue.RunAsync(matrix.RunId)).State);

        _queue.Advance(TimeSpan.FromSeconds(40));
        await _queue.SweepAsync();

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(matrix.RunId)).Verdict);
        Assert.All(await JobsAsync(matrix.RunId), job => Assert.Contains("lease", job.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_OfTheWhole_TellOfEveryCellAndEndOnce()
    {
        var matrix = await AcceptAsync(tests: 1);
        var snapshot = Assert.Single((await _queue.Jobs.ReadRunEventsAsync(matrix.RunId, null, Ct))!);
        Assert.Equal(2, snapshot.Jobs!.Count);
        await WorkAsync("13", JobOutcome.Passed);
        await WorkAsync("14", JobOutcome.Passed);

        var events = (await _queue.Jobs.ReadRunEventsAsync(matrix.RunId, snapshot.Cursor, Ct))!;

        Assert.Equal(matrix.JobIds, events.SelectMany(one => one.Jobs ?? []).Where(job => job.Status == JobStatus.Passed).Select(job => job.Id).Distinct());
        Assert.Equal(RunEventKind.RunEnded, Assert.Single(events, one => one.Run is not null).Kind);
        Assert.Equal(RunEventKind.RunEnded, events[^1].Kind);
    }

    [Fact]
    public async Task Rerun_OfTheWhole_HasOnlyCellsAndTestsThatDidNotPass()
    {
        var matrix = await AcceptAsync(tests: 3, attempts: 1);
        await WorkAsync("14", JobOutcome.Passed);
        await WorkAsync("13", JobOutcome.Failed);

        var plan = Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRerunAsync(matrix.RunId, null, Ct)).Submission;
        var child = await _queue.RunAsync((await _queue.AcceptAsync(plan)).RunId);

        Assert.Equal((matrix.RunId, 3, 3, 2), (child.ParentRunId, child.Planned, child.Inherited, child.CiAttempt));
        Assert.Equal("13", Assert.Single(child.Cells!).Labels!["os"]);
        await WorkAsync("13", JobOutcome.Passed);
        Assert.Equal(RunVerdict.Passed, (await _queue.RunAsync(child.Id)).Verdict);
        Assert.IsType<Rerun.NothingFailed>(await _queue.Jobs.PlanRerunAsync(child.Id, null, Ct));
    }

    [Fact]
    public async Task Lists_HaveTheWholeOnceAndItsJobsPageByPage()
    {
        var matrix = await AcceptAsync(tests: 3);
        var plain = await _queue.AcceptAsync(QueueHarness.Run(tests: 2));

        Assert.Equal(new[] { matrix.RunId, plain.RunId }.Order(), (await _queue.Jobs.ListRunsAsync(new RunQuery { OrgId = "acme" }, Ct)).Runs.Select(run => run.Id).Order());
        Assert.Equal(8, (await _queue.Jobs.ListJobsAsync(new JobQuery { OrgId = "acme" }, Ct)).Jobs.Count);
        var found = new List<string>();
        var query = new JobQuery { RunId = matrix.RunId, Limit = 4 };
        do
        {
            var page = await _queue.Jobs.ListJobsAsync(query, Ct);
            found.AddRange(page.Jobs.Select(job => job.Id));
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);

        Assert.Equal(matrix.JobIds, found);
    }

    [Fact]
    public async Task Retention_OfTheWhole_TakesCellsAlongAndNotBefore()
    {
        var matrix = await AcceptAsync(tests: 1);
        await WorkAsync("13", JobOutcome.Passed);
        _queue.Advance(_queue.Options.Retention + TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();
        Assert.Equal(RunVerdict.Passed, (await _queue.RunAsync(Ids.Cell(matrix.RunId, 0))).Verdict); // the other one is still open, or has timed out in the queue
        while ((await _queue.RunAsync(matrix.RunId)).State == RunState.Open)
        {
            await _queue.SweepAsync();
        }

        _queue.Advance(_queue.Options.Retention + TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();

        Assert.Null(await _queue.Jobs.GetRunAsync(matrix.RunId, Ct));
        var left = await redis.Connection.GetDatabase().ExecuteAsync("KEYS", $"*{matrix.RunId[4..]}*");
        Assert.DoesNotContain((string[])left!, key => key.Contains($"{{{_queue.Options.Pool}}}", StringComparison.Ordinal));
    }

    private static RunSubmission Matrix(int tests, int attempts = 2) => Matrix(QueueHarness.Run(tests, attempts: attempts), s_versions);

    private static RunSubmission Matrix(int tests, params string[] versions) => Matrix(QueueHarness.Run(tests), versions);

    private static RunSubmission Matrix(RunSubmission run, IEnumerable<string> versions) => run.Of([.. versions.Select(os => run with { Class = Class(os) })]);

    private static RequirementClass Class(string os) => new("emulator", "android", new Dictionary<string, string> { ["os"] = os });

    private Task<AcceptResult.Accepted> AcceptAsync(int tests, int attempts = 2) => _queue.AcceptAsync(Matrix(tests, attempts));

    private Task<IReadOnlyList<TestDevice>> DeviceAsync(string os) => _queue.AgentAsync("agent-" + os, labels: new Dictionary<string, string> { ["os"] = os });

    // Ends all there is for a device of that kind.
    private async Task WorkAsync(string os, JobOutcome outcome)
    {
        _queue.Advance(TimeSpan.FromSeconds(6)); // the build is warm on the other kind's device, to which a cold one leaves it at first
        var device = (await DeviceAsync(os))[0];
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
        {
            foreach (var job in batch.Jobs)
            {
                await device.FinishAsync(job, outcome);
            }
        }
    }

    private async Task<IReadOnlyList<JobView>> JobsAsync(string runId) => (await _queue.Jobs.ListJobsAsync(new JobQuery { RunId = runId }, Ct)).Jobs;

    private static string[] Cells(AcceptResult.Accepted matrix) => [Ids.Cell(matrix.RunId, 0), Ids.Cell(matrix.RunId, 1)];
}
