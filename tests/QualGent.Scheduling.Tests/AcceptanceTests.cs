using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>What is stored, when it is refused, and that a crash in the middle loses nothing.</summary>
public sealed class AcceptanceTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Accept_WithAKnownKey_RepeatsTheFirstAnswerAndStoresNothing()
    {
        var key = new IdempotencyKey("ci:42|ü", "hash");
        var first = await _queue.AcceptAsync(QueueHarness.Run(3), key);
        var digest = await _queue.Invariants.DigestAsync();
        _queue.Advance(TimeSpan.FromMinutes(5));

        var second = await _queue.AcceptAsync(QueueHarness.Run(3), key);

        Assert.Equal((first.RunId, true, first.At), (second.RunId, second.Replayed, second.At));
        Assert.Equal(first.JobIds, second.JobIds);
        Assert.IsType<AcceptResult.KeyReused>(await _queue.Jobs.AcceptAsync(QueueHarness.Run(3), key with { BodyHash = "other" }, QueueHarness.Ct));
        Assert.Equal(digest, await _queue.Invariants.DigestAsync());
        Assert.False((await _queue.AcceptAsync(QueueHarness.Run(3, org: "other"), key)).Replayed);
    }

    [Fact]
    public async Task Accept_BeyondAQuota_IsRefusedAndStoresNothing()
    {
        var queue = new QueueHarness(redis.Connection, options => (options.QueuedPerOrgMax, options.QueuedMax) = (5, 8));
        await queue.AcceptAsync(QueueHarness.Run(5));
        var digest = await queue.Invariants.DigestAsync();

        var organisation = Assert.IsType<AcceptResult.QueueFull>(await queue.Jobs.AcceptAsync(QueueHarness.Run(1), null, QueueHarness.Ct));
        var pool = Assert.IsType<AcceptResult.QueueFull>(await queue.Jobs.AcceptAsync(QueueHarness.Run(4, org: "other"), null, QueueHarness.Ct));

        Assert.Equal(("organisation", "pool"), (organisation.Limit, pool.Limit));
        Assert.Equal(digest, await queue.Invariants.DigestAsync());
        await queue.AcceptAsync(QueueHarness.Run(3, org: "other"));
    }

    [Fact]
    public async Task Accept_OfManyAtOnce_SharesCallsAndJudgesEachByItself()
    {
        await using var server = await Testing.RedisServer.StartAsync(QueueHarness.Ct);
        using var connection = await server.ConnectAsync();
        var queue = new QueueHarness(connection, options => options.QueuedPerOrgMax = 40);
        var before = await queue.AcceptAsync(QueueHarness.Run(org: "other"));
        await connection.GetDatabase().ExecuteAsync("CONFIG", "RESETSTAT");

        // Of every ten, eight are of their own, two repeat one key; "acme" may queue 40 jobs, "other" 40.
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => queue.Jobs.AcceptAsync(
            QueueHarness.Run(org: i % 2 == 0 ? "acme" : "other", app: $"v{i % 5}"), i % 10 < 8 ? null : new IdempotencyKey("same", "hash"), QueueHarness.Ct)));

        var stored = results.OfType<AcceptResult.Accepted>().Where(accepted => !accepted.Replayed).Select(accepted => accepted.RunId).ToList();
        Assert.Equal(79, stored.Count);
        Assert.Equal(stored, stored.Distinct());
        Assert.Equal(79 + 1, (await queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Queued);
        Assert.All(results.OfType<AcceptResult.QueueFull>(), full => Assert.Equal("organisation", full.Limit));
        Assert.All(results.OfType<AcceptResult.Accepted>().Where(accepted => accepted.Replayed), replay => Assert.Contains(replay.RunId, stored));
        await queue.Invariants.CheckAsync([before.RunId, .. stored]);
        var statistics = (string)(await connection.GetDatabase().ExecuteAsync("INFO", "commandstats"))!;
        var calls = int.Parse(System.Text.RegularExpressions.Regex.Match(statistics, @"cmdstat_evalsha:calls=(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(calls, 2, 20);
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(1999)]
    public async Task Accept_OfALargeRunWhoseCallerDies_IsExpandedBySweepsAndByCancelling(int cancelled)
    {
        var run = QueueHarness.Run(2000);
        var lane = new Jobs.Lane(run);
        var runId = Jobs.Ids.NewRun(TimeProvider.System);
        // What AcceptAsync sends, without what it does afterwards.
        await _queue.Scripts.RunAsync("accept", [
            300_000, 9999, 9999,
            runId, run.OrgId, run.AppVersionId, "", run.Priority, run.Class.Text, "", run.Reset, 2, 1000, 86_400_000, 0, "", lane.Group, lane.Text, "", "", "", "", "", "", "", "", "", "", run.Tests.Count,
            .. run.Tests.Select(test => (StackExchange.Redis.RedisValue)test)]);
        var unborn = await _queue.JobAsync(Jobs.Ids.Job(runId, 1999));
        Assert.Equal((JobStatus.Queued, "tests/t1999.spec.ts"), (unborn.Status, unborn.TestPath));
        await _queue.Invariants.CheckAsync(runId);
        Assert.Equal(JobStatus.Cancelled, (await _queue.Jobs.CancelJobAsync(Jobs.Ids.Job(runId, cancelled), null, QueueHarness.Ct))!.Status);
        await _queue.Invariants.CheckAsync(runId);

        await _queue.SweepAsync();

        await _queue.Invariants.CheckAsync(runId);
        Assert.Equal(1999, (await _queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Groups[0].Queued);
    }

    [Fact]
    public async Task Scripts_AfterScriptFlush_AreSentAgain()
    {
        await using var server = await Testing.RedisServer.StartAsync(QueueHarness.Ct);
        using var connection = await server.ConnectAsync();
        var queue = new QueueHarness(connection);
        await queue.AcceptAsync(QueueHarness.Run());
        for (var i = 0; i < 3; i++)
        {
            await connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
            await queue.AcceptAsync(QueueHarness.Run());
        }

        Assert.Equal(4, (await queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Queued);
    }

    [Fact]
    public async Task Lists_OfJobsAndRuns_PageNewestFirstWithoutGaps()
    {
        var runs = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            runs.Insert(0, (await _queue.AcceptAsync(QueueHarness.Run(3, org: i % 2 == 0 ? "acme" : "other"))).RunId);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, QueueHarness.Ct);
        }

        var listed = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _queue.Jobs.ListRunsAsync(new RunQuery { Cursor = cursor, Limit = 2 }, QueueHarness.Ct);
            listed.AddRange(page.Runs.Select(run => run.Id));
            if ((cursor = page.NextCursor) is null)
            {
                break;
            }
        }

        Assert.Equal(runs, listed);
        var jobs = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _queue.Jobs.ListJobsAsync(new JobQuery { OrgId = "acme", Status = JobStatus.Queued, Cursor = cursor, Limit = 4 }, QueueHarness.Ct);
            jobs.AddRange(page.Jobs.Select(job => job.Id));
            if ((cursor = page.NextCursor) is null)
            {
                break;
            }
        }

        Assert.Equal(((string[])[runs[0], runs[2], runs[4]]).SelectMany(run => Enumerable.Range(0, 3).Select(i => Jobs.Ids.Job(run, i))), jobs);
        Assert.Null(await _queue.Jobs.GetJobAsync(Jobs.Ids.Job(runs[0], 3), QueueHarness.Ct));
        Assert.Null(await _queue.Jobs.GetJobAsync("job_nonsense", QueueHarness.Ct));
        Assert.Null(await _queue.Jobs.CancelRunAsync("run_nonsense", null, QueueHarness.Ct));
    }

    [Fact]
    public async Task Retention_AfterItsTime_LeavesNothingOfARun()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(250));
        await _queue.Jobs.CancelRunAsync(run.RunId, null, QueueHarness.Ct);
        _queue.Advance(_queue.Options.Retention - TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();
        Assert.NotNull(await _queue.Jobs.GetRunAsync(run.RunId, QueueHarness.Ct));

        _queue.Advance(TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();

        Assert.Null(await _queue.Jobs.GetRunAsync(run.RunId, QueueHarness.Ct));
        Assert.Empty((await _queue.Jobs.ListRunsAsync(new RunQuery(), QueueHarness.Ct)).Runs);
        var digest = await _queue.Invariants.DigestAsync();
        Assert.DoesNotContain(run.RunId[4..], digest, StringComparison.Ordinal);
        Assert.DoesNotContain("acme|v1", digest, StringComparison.Ordinal);
    }
}
