using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Runs that end when nobody waits for them any more, or when they take too long.</summary>
public sealed class LapseTests(RedisFixture redis)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Lease_RenewedInTime_Holds_AndCancelsTheRunWhenItIsNot()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 300) with { Lease = s_minute });
        for (var renewals = 0; renewals < 5; renewals++)
        {
            await SweepAfterAsync(s_minute - TimeSpan.FromSeconds(1));
            Assert.True(await _queue.Jobs.RenewRunAsync(run.RunId, QueueHarness.Ct));
        }

        Assert.Equal(300, (await _queue.RunAsync(run.RunId)).Counts.Queued);

        await SweepAfterAsync(s_minute);

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(run.RunId)).Verdict);
        Assert.Contains("lease", (await _queue.JobAsync(run.JobIds[299])).Message, StringComparison.Ordinal);
        Assert.True(await _queue.Jobs.RenewRunAsync(run.RunId, QueueHarness.Ct));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Cancel_OfARunWhoseLastTestsHadEnded_HoldsUpNoOtherRun()
    {
        var first = await _queue.AcceptAsync(QueueHarness.Run(tests: 101));
        await _queue.Jobs.CancelJobAsync(first.JobIds[100], null, QueueHarness.Ct);
        await _queue.Jobs.CancelRunAsync(first.RunId, null, QueueHarness.Ct); // ends with the first hundred
        await _queue.Invariants.CheckAsync(first.RunId);
        var second = await _queue.AcceptAsync(QueueHarness.Run() with { Lease = s_minute });

        await SweepAfterAsync(2 * s_minute);

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(second.RunId)).Verdict);
    }

    [Fact]
    public async Task RunTimeout_HoweverOftenTheLeaseIsRenewed_CancelsWhatHasNotEnded()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests: 3) with { Lease = s_minute, RunTimeout = 2 * s_minute });
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.FinishAsync(batch.Jobs[0]);
        for (var renewals = 0; renewals < 3; renewals++)
        {
            await SweepAfterAsync(s_minute / 2);
            Assert.Equal(RunState.Open, (await _queue.RunAsync(run.RunId)).State);
            Assert.True(await _queue.Jobs.RenewRunAsync(run.RunId, QueueHarness.Ct));
        }

        await SweepAfterAsync(s_minute / 2);

        var counts = (await _queue.RunAsync(run.RunId)).Counts;
        Assert.Equal((1, 2), (counts.Passed, counts.Cancelled));
        Assert.Contains("time-out", (await _queue.JobAsync(run.JobIds[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunTimeout_OfARunThatStartsLater_CountsFromThere()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run() with { RunTimeout = s_minute, NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(_queue.NowMs) + s_minute });

        await SweepAfterAsync(1.5 * s_minute);
        Assert.Equal(RunState.Open, (await _queue.RunAsync(run.RunId)).State);
        await SweepAfterAsync(s_minute);

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(run.RunId)).Verdict);
    }

    [Fact]
    public async Task Renew_OfWhatHasNoLeaseOrDoesNotExist_ChangesNothing()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run() with { RunTimeout = s_minute });
        var digest = await _queue.Invariants.DigestAsync();

        Assert.True(await _queue.Jobs.RenewRunAsync(run.RunId, QueueHarness.Ct));
        Assert.False(await _queue.Jobs.RenewRunAsync("run_00000000000000000000", QueueHarness.Ct));
        Assert.False(await _queue.Jobs.RenewRunAsync("no run", QueueHarness.Ct));

        Assert.Equal(digest, await _queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task Rerun_OfALeasedRun_HasItsTimeLimitAndNoLease()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run() with { RunTimeout = s_minute, Lease = s_minute });
        await SweepAfterAsync(s_minute);

        var plan = Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRerunAsync(run.RunId, null, QueueHarness.Ct)).Submission;

        Assert.Equal((s_minute, null), (plan.RunTimeout, plan.Lease));
    }

    // The agent's lease is renewed as well: what ends here is the run, not the device.
    private async Task SweepAfterAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(5))
        {
            _queue.Advance(left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5));
            await _queue.SweepAsync();
        }
    }
}
