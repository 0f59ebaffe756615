using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>What an agent tells of tests while their file runs: who may, and that it costs nobody anything.</summary>
public sealed class ShowTestsTests(RedisFixture redis)
{
    private static CancellationToken Ct => QueueHarness.Ct;

    [Fact]
    public async Task Tests_OfARunningFile_AreEventsBehindTheCursor()
    {
        var queue = new QueueHarness(redis.Connection);
        var (device, job) = await BeginAsync(queue);
        var cursor = (await ReadAsync(queue, job, null))[0].Cursor;

        Assert.Equal(WriteStatus.Done, await ShowAsync(device, job, 1));
        Assert.Equal(WriteStatus.Done, await ShowAsync(device, job, 2));

        var events = await ReadAsync(queue, job, cursor);
        Assert.All(events, one => Assert.Equal(RunEventKind.Tests, one.Kind));
        Assert.Equal([1, 2], events.Select(one => one.Progress!.Ended.Passed));
        Assert.Equal(["login › works ✓"], events[0].Progress!.Tests.Select(test => test.Title));
        await queue.Invariants.CheckAsync(job.RunId);
    }

    [Fact]
    public async Task Tests_FromWhoDoesNotHoldTheJob_AreStaleAndChangeNothing()
    {
        var queue = new QueueHarness(redis.Connection);
        var (device, job) = await BeginAsync(queue);
        var next = (await queue.AgentAsync())[0]; // the same agent, started again
        var again = await next.ClaimAsync();
        await next.FinishAsync(again.Jobs[0]);
        var before = await queue.Invariants.DigestAsync();

        Assert.Equal(WriteStatus.Stale, await ShowAsync(device, job, 1));
        Assert.Equal(WriteStatus.Stale, await ShowAsync(next, job, 1));
        Assert.Equal(WriteStatus.Stale, await ShowAsync(next, again.Jobs[0], 1)); // nothing comes behind the end of a run

        Assert.Equal(before, await queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task Tests_OnAFullRedis_AreRefusedAndTheReportIsNot()
    {
        await using var server = await RedisServer.StartAsync(Ct);
        using var connection = await server.ConnectAsync();
        var queue = new QueueHarness(connection);
        var (device, job) = await BeginAsync(queue);
        await connection.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");

        var refused = await Assert.ThrowsAsync<RedisServerException>(() => ShowAsync(device, job, 1));

        Assert.StartsWith("OOM", refused.Message, StringComparison.Ordinal);
        Assert.Equal(WriteStatus.Done, await device.FinishAsync(job));
    }

    private static async Task<(TestDevice Device, ClaimedJob Job)> BeginAsync(QueueHarness queue)
    {
        await queue.AcceptAsync(QueueHarness.Run());
        var device = (await queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);
        return (device, job);
    }

    private static Task<WriteStatus> ShowAsync(TestDevice device, ClaimedJob job, int passed) => device.Queue.Agents.ShowTestsAsync(
        device.Handle(job),
        new TestProgress
        {
            JobId = job.JobId,
            Attempt = job.Attempt,
            Planned = 3,
            Ended = new TestCounts(passed, 0, 0),
            Tests = [new TestCaseView { Title = "login › works ✓", Status = TestCaseStatus.Passed }],
        },
        Ct);

    private static async Task<IReadOnlyList<RunEvent>> ReadAsync(QueueHarness queue, ClaimedJob job, string? cursor) => (await queue.Jobs.ReadRunEventsAsync(job.RunId, cursor, Ct))!;
}
