using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>What is remembered of a test beyond its jobs.</summary>
public sealed class HistoryTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection, options => options.RetryBaseDelay = options.RetryMaxDelay = TimeSpan.Zero);

    [Fact]
    public async Task History_OfATest_CountsJobsAndNamesFailures()
    {
        var device = (await _queue.AgentAsync())[0];
        var failed = await RunAsync(device, attempts: 1, [(JobOutcome.Failed, 1000)]);
        _queue.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(device, attempts: 2, [(JobOutcome.Failed, 2000), (JobOutcome.Passed, 3000)]);
        await RunAsync(device, attempts: 1, [(JobOutcome.Passed, 5000)]);
        await RunAsync(device, attempts: 1, [(JobOutcome.Errored, 100)]);

        var test = Assert.Single((await ListAsync()).Tests);

        Assert.Equal(("tests/t0.spec.ts", 4, 5, 0.5, 0.25), (test.TestPath, test.Runs, test.Executions, test.PassRate, test.FlakeRate));
        Assert.Equal((3000, 5000, _queue.NowMs), (test.DurationP50Ms, test.DurationP90Ms, test.LastRunAt.ToUnixTimeMilliseconds()));
        Assert.Equal([VerdictCodes.RunnerError, VerdictCodes.Assertion, VerdictCodes.Assertion], test.LastFailures.Select(failure => failure.Code));
        Assert.Equal((failed.JobIds[0], _queue.NowMs - 60_000), (test.LastFailures[^1].JobId, test.LastFailures[^1].At.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task History_OfATestThatEndsOnManyDevicesAtOnce_CountsEach()
    {
        // What is reported while calls are under way goes together into one: there the test comes many times.
        const int Times = 20;
        var devices = await _queue.AgentAsync(devices: Times);
        var held = new List<(TestDevice Device, ClaimedJob Job)>();
        for (var i = 0; i < Times; i++)
        {
            await _queue.AcceptAsync(QueueHarness.Run(app: $"v{i}", attempts: 1));
            held.Add((devices[i], (await devices[i].ClaimAsync()).Jobs[0]));
        }

        await Task.WhenAll(held.Select(one => one.Device.FinishAsync(one.Job, JobOutcome.Failed, VerdictCodes.Assertion)));

        var test = Assert.Single((await ListAsync()).Tests);
        Assert.Equal((Times, Times, 0, 5), (test.Runs, test.Executions, test.PassRate, test.LastFailures.Count));
    }

    [Fact]
    public async Task History_OfATestThatRunsForYears_StaysAsLongAsItIs()
    {
        var device = (await _queue.AgentAsync())[0];
        for (var i = 0; i < 30; i++)
        {
            await RunAsync(device, attempts: 1, [(i < 25 ? JobOutcome.Failed : JobOutcome.Passed, i)]);
        }

        var test = Assert.Single((await ListAsync()).Tests);

        Assert.Equal((30, Limits.HistoryExecutions, 0.25, Limits.HistoryFailures), (test.Runs, test.Executions, test.PassRate, test.LastFailures.Count));
        Assert.Equal((27, 29), (test.DurationP50Ms, test.DurationP90Ms)); // of those that passed
    }

    [Fact]
    public async Task History_IsOfReportsThatSayHowTheTestDid_EachOnce()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run());
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.FinishAsync(job, JobOutcome.Lost, VerdictCodes.Infrastructure, LossCharge.Never);
        job = (await device.ClaimAsync()).Jobs[0];
        Assert.Empty((await ListAsync()).Tests);
        Assert.Equal((WriteStatus.Done, WriteStatus.Duplicate), (await device.FinishAsync(job), await device.FinishAsync(job)));

        Assert.Equal(1, Assert.Single((await ListAsync()).Tests).Executions);
        Assert.Empty((await _queue.History.ListAsync(new TestQuery { OrgId = "others" }, QueueHarness.Ct)).Tests);
    }

    [Fact]
    public async Task List_OfManyTests_IsPagedByPath_AndFlakyLeavesOutTheOthers()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(9, attempts: 2));
        var flaky = new HashSet<string>(StringComparer.Ordinal);
        for (var failures = 0; await device.TryClaimAsync() is ClaimResult.Claimed { Batch.Jobs: var jobs };)
        {
            foreach (var job in jobs)
            {
                var fails = job.Attempt == 1 && failures++ % 3 == 0;
                if (fails)
                {
                    flaky.Add(job.TestPath);
                }

                await device.FinishAsync(job, fails ? JobOutcome.Failed : JobOutcome.Passed);
            }
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"tests/t{i}.spec.ts"), await PathsAsync(new TestQuery { OrgId = "acme", Limit = 2 }));
        Assert.Equal(flaky.Order(StringComparer.Ordinal), await PathsAsync(new TestQuery { OrgId = "acme", Limit = 2, Flaky = true }));
        Assert.Equal(3, flaky.Count);
    }

    [Fact]
    public async Task History_OfTooManyTests_ForgetsThoseThatRanLongestAgo()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run());
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);
        var database = redis.Connection.GetDatabase();
        await database.SortedSetAddAsync(_queue.Keys.Tested("acme"), [.. Enumerable.Range(1, Limits.HistoryTests - 1).Select(i => new StackExchange.Redis.SortedSetEntry($"tests/old-{i}", i))]);
        await database.HashSetAsync(_queue.Keys.History("acme"), "tests/old-1", "1 1 p00000001 ");
        _queue.Advance(TimeSpan.FromSeconds(1));

        await _queue.AcceptAsync(QueueHarness.Run(prefix: "tests/new"));
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);

        Assert.Equal(Limits.HistoryTests, await database.SortedSetLengthAsync(_queue.Keys.Tested("acme")));
        Assert.False(await database.HashExistsAsync(_queue.Keys.History("acme"), "tests/old-1"));
        Assert.Equal(["tests/new0.spec.ts", "tests/t0.spec.ts"], (await ListAsync()).Tests.Select(test => test.TestPath));
    }

    [Fact]
    public async Task History_OfATestThatRanAgainLater_IsKeptBeforeThatOfOthers()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run());
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);
        var (database, between) = (redis.Connection.GetDatabase(), _queue.NowMs + 1);
        await database.SortedSetAddAsync(_queue.Keys.Tested("acme"), [.. Enumerable.Range(1, Limits.HistoryTests - 1).Select(i => new StackExchange.Redis.SortedSetEntry($"tests/old-{i}", between))]);
        _queue.Advance(TimeSpan.FromHours(1));
        await _queue.AcceptAsync(QueueHarness.Run());
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);

        await _queue.AcceptAsync(QueueHarness.Run(prefix: "tests/new"));
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);

        Assert.Equal(["tests/new0.spec.ts", "tests/t0.spec.ts"], (await ListAsync()).Tests.Select(test => test.TestPath));
    }

    [Fact]
    public async Task History_OfTestsThatDoNotRunAnyMore_IsForgottenByTheSweep_AndOnlyThat()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(org: "gone"));
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);
        await RunAsync(device, attempts: 1, [(JobOutcome.Passed, 1)]);
        _queue.Advance(_queue.Options.HistoryRetention - TimeSpan.FromDays(1));
        await RunAsync(device, attempts: 1, [(JobOutcome.Passed, 1)], "tests/later");
        _queue.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();
        Assert.Equal(2, (await ListAsync()).Tests.Count);

        _queue.Advance(TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();

        Assert.Equal("tests/later0.spec.ts", Assert.Single((await ListAsync()).Tests).TestPath);
        Assert.False(await redis.Connection.GetDatabase().KeyExistsAsync(_queue.Keys.History("gone")));
        Assert.False(await redis.Connection.GetDatabase().KeyExistsAsync(_queue.Keys.Tested("gone")));
        await RunAsync((await _queue.AgentAsync())[0], attempts: 1, [(JobOutcome.Passed, 1)]);
        _queue.Advance(_queue.Options.HistoryRetention);
        await _queue.SweepAsync();
        Assert.Empty((await ListAsync()).Tests);
    }

    [Fact]
    public async Task ExpectedFinish_OfATestThatIsKnown_IsItsOwnTimeLater()
    {
        var device = (await _queue.AgentAsync())[0];
        await RunAsync(device, attempts: 1, [(JobOutcome.Passed, 90_000)]);
        await RunAsync(device, attempts: 1, [(JobOutcome.Passed, 10_000)], "tests/short");
        await device.ClaimNothingAsync();
        var run = await _queue.AcceptAsync(QueueHarness.Run(2, app: "v2"));

        var (known, unknown) = (await _queue.Jobs.WhyAsync(run.JobIds[0], QueueHarness.Ct), await _queue.Jobs.WhyAsync(run.JobIds[1], QueueHarness.Ct));

        Assert.Equal(TimeSpan.FromSeconds(90), known!.ExpectedFinish!.P50 - known.ExpectedStart!.P50);
        Assert.Equal(TimeSpan.FromSeconds(74), unknown!.ExpectedFinish!.P50 - unknown.ExpectedStart!.P50); // as files of the build before took
    }

    private async Task<AcceptResult.Accepted> RunAsync(TestDevice device, int attempts, (JobOutcome Outcome, int Ms)[] executions, string prefix = "tests/t")
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(attempts: attempts, prefix: prefix));
        foreach (var (outcome, ms) in executions)
        {
            var code = outcome switch { JobOutcome.Passed => null, JobOutcome.Failed => VerdictCodes.Assertion, _ => VerdictCodes.RunnerError };
            var report = new JobReport { Job = device.Handle((await device.ClaimAsync()).Jobs[0]), Outcome = outcome, Code = code, Duration = TimeSpan.FromMilliseconds(ms) };
            Assert.Equal(WriteStatus.Done, await _queue.Agents.FinishAsync(report, QueueHarness.Ct));
        }

        return run;
    }

    private Task<TestPage> ListAsync() => _queue.History.ListAsync(new TestQuery { OrgId = "acme", Limit = Limits.PageSizeMax }, QueueHarness.Ct);

    private async Task<List<string>> PathsAsync(TestQuery query)
    {
        var paths = new List<string>();
        while (true)
        {
            var page = await _queue.History.ListAsync(query, QueueHarness.Ct);
            Assert.InRange(page.Tests.Count, 0, query.Limit!.Value);
            paths.AddRange(page.Tests.Select(test => test.TestPath));
            if (page.NextCursor is null)
            {
                return paths;
            }

            query = query with { Cursor = page.NextCursor };
        }
    }
}
