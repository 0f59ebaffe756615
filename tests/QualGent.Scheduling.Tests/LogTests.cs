using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>What tests print: who may write it, how it is read again, and that it goes with its run.</summary>
public sealed class LogTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    private static CancellationToken Ct => QueueHarness.Ct;

    [Fact]
    public async Task Lines_OfSeveralPieces_AreReadInOrderAndBehindACursor()
    {
        var (device, job) = await BeginAsync();
        await PrintAsync(device, job, 2, "one", "two");
        await PrintAsync(device, job, 3, "");
        await PrintAsync(device, job, 4, "four");

        var all = await ReadAsync(job.JobId);

        Assert.Equal(["one", "two", "", "four"], all.SelectMany(chunk => chunk.Lines));
        Assert.All(all, chunk => Assert.Equal((1, 0, false), (chunk.Attempt, chunk.Missing, chunk.IsLast)));
        Assert.Equal(["four"], (await ReadAsync(job.JobId, cursor: all[1].Cursor)).SelectMany(chunk => chunk.Lines));
        Assert.Empty(await ReadAsync(job.JobId, cursor: all[2].Cursor));
        Assert.Empty(await ReadAsync("job_00000000000000000000_0"));
    }

    [Fact]
    public async Task Lines_LeftOutOrRemoved_AreCounted()
    {
        var (device, job) = await BeginAsync();
        await PrintAsync(device, job, 1, "first");
        await PrintAsync(device, job, 5, "four", "five");
        await PrintAsync(device, job, 6, "six");
        await AppendAsync(device, job, new LogPiece(1, 7, [], IsLast: true, [5]));

        var all = await ReadAsync(job.JobId);

        Assert.Equal(["first", "six"], all.SelectMany(chunk => chunk.Lines));
        Assert.Equal([0, 4, 0], all.Select(chunk => chunk.Missing));
        Assert.True(all[^1].IsLast);
        Assert.Equal("[… 4 lines left out …]", LogChunk.Gap(all[1].Missing));
    }

    [Fact]
    public async Task Piece_WrittenTwice_IsThereOnce()
    {
        var (device, job) = await BeginAsync();
        Assert.Equal(WriteStatus.Done, await PrintAsync(device, job, 1, "once"));
        Assert.Equal(WriteStatus.Duplicate, await PrintAsync(device, job, 1, "once"));
        Assert.Single(await ReadAsync(job.JobId));
    }

    [Fact]
    public async Task Writer_WithAnOldTokenOrEpoch_IsStaleAndChangesNothing()
    {
        var (device, job) = await BeginAsync();
        await PrintAsync(device, job, 1, "first life");
        var next = (await _queue.AgentAsync())[0]; // the same agent, started again
        var before = await _queue.Invariants.DigestAsync();
        Assert.Equal(WriteStatus.Stale, await PrintAsync(device, job, 2, "too late"));
        Assert.Equal(WriteStatus.Stale, await PrintAsync(device with { Epoch = next.Epoch }, job with { Token = job.Token - 1 }, 2, "wrong token"));
        Assert.Equal(before, await _queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task Lines_AfterTheReport_StillArriveUntilSomebodyElseHoldsTheJob()
    {
        var (device, job) = await BeginAsync();
        await device.FinishAsync(job, JobOutcome.Failed);
        Assert.Equal(WriteStatus.Done, await PrintAsync(device, job, 1, "last words"));
        _queue.Advance(TimeSpan.FromSeconds(12)); // the longest a first retry waits
        await _queue.SweepAsync();
        var again = (await device.ClaimAsync()).Jobs[0];
        Assert.Equal(WriteStatus.Stale, await PrintAsync(device, job, 2, "too late"));
        await AppendAsync(device, again, new LogPiece(again.Attempt, 1, ["second attempt"], IsLast: true, []));

        Assert.Equal(["last words", "second attempt"], (await ReadAsync(job.JobId)).SelectMany(chunk => chunk.Lines));
        Assert.Equal(["second attempt"], (await ReadAsync(job.JobId, attempt: 2)).SelectMany(chunk => chunk.Lines));
        await _queue.Invariants.CheckAsync(job.RunId);
    }

    [Fact]
    public async Task Retention_AfterItsTime_TakesTheLogAlong()
    {
        var (device, job) = await BeginAsync();
        await PrintAsync(device, job, 1, "remember me");
        await device.FinishAsync(job);
        _queue.Advance(_queue.Options.Retention + TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();

        Assert.Empty(await ReadAsync(job.JobId));
        Assert.False(await redis.Connection.GetDatabase().KeyExistsAsync(_queue.Keys.Log(job.JobId)));
    }

    private async Task<(TestDevice Device, ClaimedJob Job)> BeginAsync()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);
        return (device, job);
    }

    private Task<WriteStatus> PrintAsync(TestDevice device, ClaimedJob job, int lastLine, params string[] lines) =>
        AppendAsync(device, job, new LogPiece(job.Attempt, lastLine, lines, IsLast: false, []));

    private Task<WriteStatus> AppendAsync(TestDevice device, ClaimedJob job, LogPiece piece) => _queue.Log.AppendAsync(device.Handle(job), piece, Ct);

    private Task<IReadOnlyList<LogChunk>> ReadAsync(string jobId, int? attempt = null, string? cursor = null) => _queue.Log.ReadAsync(jobId, attempt, cursor, Ct);
}
