using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Finding runs again, with a bounded number of looks per call.</summary>
public sealed class RunSearchTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Search_ByWhatARunIs_FindsThoseAndNoOthers()
    {
        var nightly = await AcceptAsync("Nightly of main", "v1");
        var other = await AcceptAsync("a commit", "v1");
        var nameless = await AcceptAsync(null, "v2");
        await _queue.Jobs.CancelRunAsync(nightly, null, QueueHarness.Ct);

        Assert.Equal([nightly], await FindAsync(new RunQuery { Name = "nightLY" }));
        Assert.Equal([nightly], await FindAsync(new RunQuery { State = RunState.Ended }));
        Assert.Equal([nightly], await FindAsync(new RunQuery { Verdict = RunVerdict.Cancelled, OrgId = "acme" }));
        Assert.Empty(await FindAsync(new RunQuery { Verdict = RunVerdict.Passed }));
        Assert.Empty(await FindAsync(new RunQuery { Verdict = RunVerdict.Cancelled, OrgId = "nobody" }));
        Assert.Equal(NewestFirst(nameless, other), await FindAsync(new RunQuery { State = RunState.Open }));
        Assert.Equal(NewestFirst(other, nightly), await FindAsync(new RunQuery { AppVersionId = "v1" }));
    }

    [Fact]
    public async Task Search_PageByPage_HasEveryMatchOnce()
    {
        var wanted = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            await AcceptAsync("others", "v1");
            wanted.Add(await AcceptAsync("wanted", "v1"));
        }

        var found = new List<string>();
        RunPage page;
        string? cursor = null;
        do
        {
            page = await _queue.Jobs.ListRunsAsync(new RunQuery { Name = "wanted", Limit = 10, Cursor = cursor }, QueueHarness.Ct);
            Assert.Equal(10, page.Runs.Count);
            found.AddRange(page.Runs.Select(run => run.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(NewestFirst([.. wanted]), found);
    }

    [Fact]
    public async Task Search_ForSomethingOldAndRare_GoesOnInAnotherCall()
    {
        var old = await AcceptAsync("rare", "v1");
        for (var i = 0; i < 1_050; i++)
        {
            await AcceptAsync("common", "v1");
        }

        var first = await _queue.Jobs.ListRunsAsync(new RunQuery { Name = "rare" }, QueueHarness.Ct);
        var second = await _queue.Jobs.ListRunsAsync(new RunQuery { Name = "rare", Cursor = first.NextCursor }, QueueHarness.Ct);

        Assert.Empty(first.Runs);
        Assert.NotNull(first.NextCursor);
        Assert.Equal([old], second.Runs.Select(run => run.Id));
        Assert.Null(second.NextCursor);
    }

    private async Task<string> AcceptAsync(string? name, string app) => (await _queue.AcceptAsync(QueueHarness.Run(app: app) with { Name = name })).RunId;

    // Runs of one millisecond have ids in any order.
    private static IEnumerable<string> NewestFirst(params IEnumerable<string> runs) => runs.OrderDescending(StringComparer.Ordinal);

    private async Task<IEnumerable<string>> FindAsync(RunQuery query)
    {
        var page = await _queue.Jobs.ListRunsAsync(query, QueueHarness.Ct);
        Assert.Null(page.NextCursor);
        return page.Runs.Select(run => run.Id);
    }
}
