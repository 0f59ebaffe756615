using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>A second attempt should not meet the fault of the first one's device, where that can be avoided.</summary>
public sealed class RetryTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection, options => options.RetryBaseDelay = options.RetryMaxDelay = TimeSpan.Zero);

    [Fact]
    public async Task Retry_ThatWaitsAlone_KeepsItsGroupAndWithItWhatADeviceLeavesToOthers()
    {
        var queue = new QueueHarness(redis.Connection, options => options.Retention = TimeSpan.FromMinutes(1));
        await queue.AcceptAsync(QueueHarness.Run(app: "v1"));
        var devices = await queue.AgentAsync(devices: 2);
        var job = (await devices[0].ClaimAsync()).Jobs[0];
        queue.Advance(TimeSpan.FromMinutes(2)); // nobody else used the group meanwhile
        await devices[0].FinishAsync(job, JobOutcome.Failed);
        await devices[0].ClaimNothingAsync();
        await devices[1].ClaimNothingAsync();
        do
        {
            await queue.SweepAsync();
            queue.Advance(TimeSpan.FromSeconds(1));
        }
        while ((await queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Delayed > 0);
        await queue.AcceptAsync(QueueHarness.Run(app: "v2"));

        Assert.Equal("v2", (await devices[0].ClaimAsync()).AppVersionId);
        Assert.Equal(job.JobId, Assert.Single((await devices[1].ClaimAsync()).Jobs).JobId);
    }

    [Fact]
    public async Task Retry_WithASecondDevice_IsLeftToItAndItIsTold()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var job = (await devices[0].ClaimAsync()).Jobs[0];
        await devices[1].ClaimNothingAsync();
        var hints = new System.Collections.Concurrent.ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);

        await devices[0].FinishAsync(job, JobOutcome.Failed);
        await devices[0].ClaimNothingAsync();

        await Testing.Eventually.HoldsAsync(() => hints.Contains(new AgentHint(devices[1].Id, AgentHintKind.Claim)), "the other device is told", QueueHarness.Ct);
        Assert.Equal((job.JobId, 2), ((await devices[1].ClaimAsync()).Jobs.Single() is var again ? again.JobId : "", again.Attempt));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Retry_AfterALoss_IsLeftToAnotherDevice()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run());
        var job = (await devices[0].ClaimAsync()).Jobs[0];
        await devices[0].StartAsync(job);

        await devices[0].FinishAsync(job, JobOutcome.Lost, VerdictCodes.Infrastructure);

        await devices[0].ClaimNothingAsync();
        Assert.Equal(1, (await devices[1].ClaimAsync()).Jobs.Single().Attempt);
        Assert.Equal((0, 1), ((await _queue.JobAsync(job.JobId)).Attempts, (await _queue.JobAsync(job.JobId)).InfrastructureLosses));
    }

    [Fact]
    public async Task Retry_ThatNobodyElseTakes_RunsWhereItFailedAfterAWhile()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run());
        await devices[0].FinishAsync((await devices[0].ClaimAsync()).Jobs[0], JobOutcome.Failed);
        await _queue.SweepAsync();
        _queue.Advance(TimeSpan.FromSeconds(29));
        await devices[0].ClaimNothingAsync();

        _queue.Advance(TimeSpan.FromSeconds(1));

        Assert.Single((await devices[0].ClaimAsync()).Jobs);
    }

    [Fact]
    public async Task Retry_WithoutAnotherDeviceOnDuty_StaysWhereItIs()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.Control.SetDutyAsync(devices[1].Id, DeviceDuty.Draining, QueueHarness.Ct);
        await _queue.AcceptAsync(QueueHarness.Run());

        await devices[0].FinishAsync((await devices[0].ClaimAsync()).Jobs[0], JobOutcome.Failed);

        Assert.Equal(2, (await devices[0].ClaimAsync()).Jobs.Single().Attempt);
    }

    [Fact]
    public async Task Retry_AmongOtherWork_IsPassedOverByItsDevice()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        var run = await _queue.AcceptAsync(QueueHarness.Run(8));
        var batch = await devices[0].ClaimAsync();
        await devices[0].FinishAsync(batch.Jobs[0], JobOutcome.Failed);
        foreach (var job in batch.Jobs.Skip(1))
        {
            await devices[0].FinishAsync(job);
        }

        var next = (await devices[0].ClaimAsync()).Jobs.Select(job => job.JobId);

        Assert.Equal(run.JobIds.Skip(6), next);
        await _queue.Invariants.CheckAsync(run.RunId);
    }
}
