using QualGent.Contracts;
using QualGent.Scheduling.Hooks;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Deliveries to hooks: begun with the end they tell, kept until they succeeded or are a day old.</summary>
public sealed class HookTests(RedisFixture redis)
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(40);
    private static readonly HookPatience s_patience = new(TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), TimeSpan.FromDays(1));
    private readonly QueueHarness _queue = new(redis.Connection);
    private int _hooks;

    [Fact]
    public async Task End_OfARun_IsDueForEveryHookThatAsksForIt_InTheSameStep()
    {
        var (runs, both, foreign) = (await AddAsync(), await AddAsync(events: [HookEvents.JobEnded, HookEvents.RunEnded]), await AddAsync("other"));
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 2));
        var device = (await _queue.AgentAsync())[0];
        var jobs = (await device.ClaimAsync()).Jobs;

        await device.FinishAsync(jobs[0]);
        Assert.Equal([jobs[0].JobId], await DueAsync(both));
        Assert.Empty(await DueAsync(runs));
        await device.FinishAsync(jobs[1]);

        Assert.Equal([run.RunId], await DueAsync(runs));
        Assert.Equal([.. run.JobIds, run.RunId], (await DueAsync(both)).Order(StringComparer.Ordinal));
        Assert.Empty(await DueAsync(foreign));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Ends_ThatNoReportTells_AreDueToo()
    {
        var hook = await AddAsync(events: HookEvents.All);
        var cancelled = await _queue.AcceptAsync(QueueHarness.Run(tests: 300));
        var waited = await _queue.AcceptAsync(QueueHarness.Run(app: "v2") with { QueueTimeout = TimeSpan.FromMinutes(1) });
        await _queue.Jobs.CancelRunAsync(cancelled.RunId, null, QueueHarness.Ct);
        _queue.Advance(TimeSpan.FromMinutes(2));

        await _queue.SweepAsync();

        Assert.Equal(300 + 1 + 1 + 1, (await DueAsync(hook)).Count);
        await _queue.Invariants.CheckAsync(cancelled.RunId, waited.RunId);
    }

    [Fact]
    public async Task End_OfAJobThatSeveralRunsWaitFor_IsToldForEachOfThem_AndForOneThatLeavesAtOnce()
    {
        var hook = await AddAsync(events: HookEvents.All);
        var run = QueueHarness.Run() with { Dedup = true, Bundle = "b" };
        var (first, second, leaver) = (await _queue.AcceptAsync(run), await _queue.AcceptAsync(run), await _queue.AcceptAsync(run));

        await _queue.Jobs.CancelRunAsync(leaver.RunId, null, QueueHarness.Ct);
        Assert.Equal([.. leaver.JobIds, leaver.RunId], await DueAsync(hook));
        var device = (await _queue.AgentAsync())[0];
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);

        Assert.Equal(
            new[] { first, second, leaver }.SelectMany(all => all.JobIds.Append(all.RunId)).Order(StringComparer.Ordinal), (await DueAsync(hook)).Order(StringComparer.Ordinal));
        await _queue.Invariants.CheckAsync(first.RunId, second.RunId, leaver.RunId);
    }

    [Fact]
    public async Task End_OfAMatrix_IsToldOnce_AndThatOfACellOnlyByItsJobs()
    {
        var hook = await AddAsync(events: HookEvents.All);
        var run = QueueHarness.Run();
        var matrix = await _queue.AcceptAsync(run.Of([run, run with { Project = "second" }]));

        await _queue.Jobs.CancelRunAsync(Ids.Cell(matrix.RunId, 0), null, QueueHarness.Ct);
        Assert.Equal([matrix.JobIds[0]], await DueAsync(hook));
        await _queue.Jobs.CancelRunAsync(matrix.RunId, null, QueueHarness.Ct);

        Assert.Equal([.. matrix.JobIds, matrix.RunId], (await DueAsync(hook)).Order(StringComparer.Ordinal));
        await _queue.Invariants.CheckAsync(Ids.Cell(matrix.RunId, 0), Ids.Cell(matrix.RunId, 1));
    }

    [Fact]
    public async Task Ends_OfManyRunsInOneStep_AreAllDue()
    {
        var hook = await AddAsync(events: HookEvents.All);
        var run = QueueHarness.Run(tests: 100, attempts: 1) with { Dedup = true, Bundle = "b" };
        var runs = new List<AcceptResult.Accepted>();
        while (runs.Count < 45)
        {
            runs.Add(await _queue.AcceptAsync(run));
        }

        var device = (await _queue.AgentAsync())[0];
        var jobs = (await device.ClaimAsync()).Jobs;
        await device.FinishAsync(jobs[0], JobOutcome.InstallFailed, VerdictCodes.InstallFailed); // the only device there is
        foreach (var job in jobs.Skip(1))
        {
            await device.ReleaseAsync(job);
        }

        await _queue.SweepAsync();

        Assert.Equal(45 * 101, (await DueAsync(hook)).Count);
        await _queue.Invariants.CheckAsync(runs.Select(one => one.RunId));
    }

    [Fact]
    public async Task Take_OfAHook_KeepsItFromOthers_UntilItIsReportedOrItsTakerIsGone()
    {
        await AddAsync();
        var run = await EndedAsync();

        var first = await TakeAsync();
        Assert.Equal((run, 1), (first!.Deliveries.Single().SubjectId, first.Deliveries[0].Attempt));
        var meanwhile = await EndedAsync();
        Assert.Null(await TakeAsync());
        _queue.Advance(s_lease);
        var second = await TakeAsync();

        Assert.Equal([(run, 2), (meanwhile, 1)], second!.Deliveries.Select(delivery => (delivery.SubjectId, delivery.Attempt)).OrderByDescending(pair => pair.Attempt));
        Assert.Equal(first.Deliveries[0].Id, second.Deliveries.Single(delivery => delivery.SubjectId == run).Id);
        Assert.Equal(0, await ReportAsync(first, HookResult.Delivered)); // its taker was not gone, only slow
        Assert.Null(await TakeAsync());
        Assert.Equal(2, await ReportAsync(second, HookResult.Delivered));
        Assert.Equal(0, await ReportAsync(second, HookResult.Failed));
        Assert.Null(await TakeAsync());
        Assert.Empty(await DueAsync(second.Hook.Id));
    }

    [Theory]
    [InlineData(HookResult.Failed)]
    [InlineData(HookResult.Delivered)]
    [InlineData(HookResult.Gone)]
    public async Task Report_Repeated_CountsOnce(HookResult result)
    {
        await AddAsync();
        await EndedAsync();
        var taken = (await TakeAsync())!;
        Assert.Equal(1, await ReportAsync(taken, result));
        _queue.Advance(TimeSpan.FromMilliseconds(1));
        var before = await _queue.Invariants.DigestAsync();

        Assert.Equal(0, await ReportAsync(taken, result));

        Assert.Equal(before, await _queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task Attempt_ThatFails_IsRepeatedLaterAndLater_ForADay()
    {
        var hook = await AddAsync();
        var run = await EndedAsync();
        var ended = _queue.NowMs;
        var pauses = new List<TimeSpan>();
        while (await NextAsync(run) is { } taken)
        {
            await ReportAsync(taken, HookResult.Failed);
        }

        Assert.All(pauses.Index(), pause => Assert.InRange(pause.Item.TotalSeconds, Math.Min(3600, 10 * Math.Pow(2, pause.Index)) / 2, Math.Min(3600, 10 * Math.Pow(2, pause.Index)) + 0.001));
        Assert.InRange(pauses.Count, 30, 60);
        Assert.InRange(_queue.NowMs - ended, TimeSpan.FromHours(23).TotalMilliseconds - 1, TimeSpan.FromDays(1).TotalMilliseconds);
        var log = (await _queue.Hooks.ReadLogAsync("acme", hook, QueueHarness.Ct))!.Attempts;
        Assert.Equal((HookOutcome.GivenUp, pauses.Count + 1), (log[0].Outcome, log[0].Attempt));
        Assert.All(log.Skip(1), attempt => Assert.Equal(HookOutcome.Retrying, attempt.Outcome));
        Assert.Empty(await DueAsync(hook));

        async Task<TakenHook?> NextAsync(string subject)
        {
            if (await TakeAsync() is { } now)
            {
                return now;
            }

            if (await redis.Connection.GetDatabase().SortedSetScoreAsync(_queue.Keys.HookDue(hook), subject) is not { } due)
            {
                return null;
            }

            pauses.Add(TimeSpan.FromMilliseconds(due - _queue.NowMs));
            _queue.NowMs = (long)due;
            return await TakeAsync();
        }
    }

    [Fact]
    public async Task Hook_ThatIsRemoved_TakesWhatWaitedWithIt()
    {
        var (hook, other) = (await AddAsync(), await AddAsync());
        await EndedAsync();
        var taken = new[] { (await TakeAsync())!, (await TakeAsync())! }.Single(taken => taken.Hook.Id == hook);

        Assert.False(await _queue.Hooks.RemoveAsync("stranger", hook, QueueHarness.Ct));
        Assert.True(await _queue.Hooks.RemoveAsync("acme", hook, QueueHarness.Ct));

        Assert.False(await _queue.Hooks.RemoveAsync("acme", hook, QueueHarness.Ct));
        Assert.Equal(0, await ReportAsync(taken, HookResult.Failed));
        Assert.Null(await _queue.Hooks.ReadLogAsync("acme", hook, QueueHarness.Ct));
        _queue.Advance(s_lease);
        Assert.Equal(other, (await TakeAsync())!.Hook.Id);
        await _queue.Hooks.RemoveAsync("acme", other, QueueHarness.Ct);
        await EndedAsync();
        Assert.Null(await TakeAsync());
        Assert.DoesNotContain(await KeysAsync(), key => key.Contains("hook", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deliveries_OverTheLimit_AreCountedAndNotKept_AndTheLogIsBounded()
    {
        var hook = await AddAsync();
        await redis.Connection.GetDatabase().SortedSetAddAsync(
            _queue.Keys.HookDue(hook), [.. Enumerable.Range(0, Limits.HookDeliveriesWaiting - 1).Select(i => new StackExchange.Redis.SortedSetEntry($"run_{i}", _queue.NowMs + 1000))]);

        await EndedAsync();
        await EndedAsync();

        var view = Assert.Single((await _queue.Hooks.ListAsync("acme", QueueHarness.Ct)).Hooks);
        Assert.Equal((Limits.HookDeliveriesWaiting, 1), (view.Waiting, view.Skipped));
        _queue.Advance(TimeSpan.FromSeconds(1));
        for (var batches = 0; batches < 5; batches++)
        {
            var taken = await _queue.Deliveries.TakeAsync(s_lease, 100, QueueHarness.Ct);
            await ReportAsync(taken!, HookResult.Gone);
        }

        Assert.Equal(Limits.HookLogLength, (await _queue.Hooks.ReadLogAsync("acme", hook, QueueHarness.Ct))!.Attempts.Count);
    }

    [Fact]
    public async Task Add_OverTheLimit_IsRefused()
    {
        for (var hooks = 0; hooks < Limits.HooksPerOrg; hooks++)
        {
            await AddAsync();
        }

        Assert.False(await _queue.Hooks.AddAsync(New("acme", [HookEvents.RunEnded]), "secret", QueueHarness.Ct));
        Assert.Equal(Limits.HooksPerOrg, (await _queue.Hooks.ListAsync("acme", QueueHarness.Ct)).Hooks.Count);
    }

    private async Task<string> AddAsync(string org = "acme", IReadOnlyList<string>? events = null)
    {
        var hook = New(org, events ?? [HookEvents.RunEnded]);
        Assert.True(await _queue.Hooks.AddAsync(hook, "secret", QueueHarness.Ct));
        return hook.Id;
    }

    private HookView New(string org, IReadOnlyList<string> events) =>
        new() { Id = $"hook_{++_hooks}", OrgId = org, Url = "https://example.com/{a}", Events = events, CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(_queue.NowMs) };

    private async Task<string> EndedAsync()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        await _queue.Jobs.CancelRunAsync(run.RunId, null, QueueHarness.Ct);
        return run.RunId;
    }

    private Task<TakenHook?> TakeAsync() => _queue.Deliveries.TakeAsync(s_lease, 8, QueueHarness.Ct);

    private Task<int> ReportAsync(TakenHook taken, HookResult result) => _queue.Deliveries.ReportAsync(
        taken,
        [.. taken.Deliveries.Select(delivery => new HookReport(new HookAttempt { DeliveryId = delivery.Id, Event = delivery.Event, SubjectId = delivery.SubjectId, Attempt = delivery.Attempt, At = taken.Now, DurationMs = 1 }, result))],
        s_patience,
        QueueHarness.Ct);

    private async Task<IReadOnlyList<string>> DueAsync(string hook) =>
        [.. (await redis.Connection.GetDatabase().SortedSetRangeByRankAsync(_queue.Keys.HookDue(hook))).Select(member => (string)member!)];

    private async Task<IReadOnlyList<string>> KeysAsync() => (string[])(await redis.Connection.GetDatabase().ExecuteAsync("KEYS", $"qg:{{{_queue.Options.Pool}}}:*"))!;
}
