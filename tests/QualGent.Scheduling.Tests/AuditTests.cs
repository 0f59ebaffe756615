using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>What should never happen is found and repaired by the sweeps: here somebody changes the data by hand.</summary>
public sealed class AuditTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);
    private readonly IDatabase _database = redis.Connection.GetDatabase();

    [Fact]
    public async Task ReadyJobs_ThatLostTheirIndex_AreReadyAgain()
    {
        var runs = new List<AcceptResult.Accepted>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await _queue.AcceptAsync(QueueHarness.Run(150, app: $"v{i}")));
            await _database.KeyDeleteAsync(_queue.Keys.Ready($"acme|v{i}|emulator/android|clear||"));
            await _database.KeyDeleteAsync(_queue.Keys.Lanes($"acme|v{i}|emulator/android"));
        }

        await SweepAsync(20);

        await _queue.Invariants.CheckAsync(runs.Select(run => run.RunId));
        Assert.Equal(450, (await _queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Groups.Sum(group => group.Queued));
    }

    [Fact]
    public async Task RunningJob_ThatItsDeviceDoesNotHold_GoesBack()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(2));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await _database.SortedSetRemoveAsync(_queue.Keys.DeviceJobs(device.Id), batch.Jobs[0].JobId);

        await SweepAsync(5);

        Assert.Equal(JobStatus.Queued, (await _queue.JobAsync(batch.Jobs[0].JobId)).Status);
        Assert.Equal([batch.Jobs[0].JobId], (await device.BeatAsync([.. batch.Jobs])).LostJobIds);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Indexes_ThatHoldAJobAgainstItsState_LetGoOfIt()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(3));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.FinishAsync(batch.Jobs[0]);
        const string Lane = "acme|v1|emulator/android|clear||";
        await _database.SortedSetAddAsync(_queue.Keys.DeviceJobs(device.Id), batch.Jobs[0].JobId, 9);
        await _database.SortedSetAddAsync(_queue.Keys.Ready(Lane), [new(batch.Jobs[0].JobId, 1), new(batch.Jobs[1].JobId, 2)]);
        await _database.SortedSetAddAsync(_queue.Keys.Delayed, batch.Jobs[2].JobId, _queue.NowMs + 1_000_000);

        await SweepAsync(5);

        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Audit_OfAHealthyPool_RepairsNothing()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(300));
        var device = (await _queue.AgentAsync())[0];
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0], JobOutcome.Failed);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, (int)await _queue.Scripts.RunAsync("audit"));
        }

        await _queue.Invariants.CheckAsync(run.RunId);
    }

    private async Task SweepAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _queue.Advance(TimeSpan.FromMilliseconds(500));
            await _queue.SweepAsync();
        }
    }
}
