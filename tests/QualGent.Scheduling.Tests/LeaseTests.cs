using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Who owns a device, for how long, and that an outage is nobody's fault.</summary>
public sealed class LeaseTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Outage_LongerThanALease_EndsNoLeaseForOneMorePeriod()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);
        await _queue.SweepAsync();

        _queue.Advance(TimeSpan.FromMinutes(1));
        await _queue.SweepAsync();
        Assert.Equal(JobStatus.Running, (await _queue.JobAsync(job.JobId)).Status);
        Assert.Single((await _queue.Agents.RegisterAsync(QueueHarness.Registration("a", 1) with { AgentId = "b" }, QueueHarness.Ct)).Refused);
        await SweepForAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(JobStatus.Running, (await _queue.JobAsync(job.JobId)).Status);

        await SweepForAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(JobStatus.Queued, (await _queue.JobAsync(job.JobId)).Status);
    }

    [Fact]
    public async Task Outage_ThatTheAgentSurvives_ChargesNobody()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);
        await _queue.SweepAsync();
        _queue.Advance(TimeSpan.FromMinutes(1));
        await _queue.SweepAsync();

        Assert.False((await device.BeatAsync(job)).Fenced);
        Assert.Equal(WriteStatus.Done, await device.FinishAsync(job));

        Assert.Equal((JobStatus.Passed, 0), ((await _queue.JobAsync(job.JobId)).Status, (await _queue.JobAsync(job.JobId)).InfrastructureLosses));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Outage_BetweenASweepsGuardAndItsReap_EndsNoLease()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);
        await _queue.SweepAsync();

        _queue.Advance(TimeSpan.FromMinutes(1)); // Redis stands still with the call in its buffer
        await _queue.Scripts.RunAsync("reap", Limits.InfrastructureLossesMax, 10_000);

        Assert.False((await device.BeatAsync(job)).Fenced);
        Assert.Equal(0, (await _queue.JobAsync(job.JobId)).InfrastructureLosses);
    }

    [Fact]
    public async Task Register_BehindAnOutageBeforeTheFirstSweep_TakesNoLivingAgentsDevice()
    {
        var device = (await _queue.AgentAsync())[0];
        var thief = QueueHarness.Registration("a", 1) with { AgentId = "thief" };
        await _queue.SweepAsync();

        _queue.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("a", (await _queue.Agents.RegisterAsync(thief, QueueHarness.Ct)).Refused[device.Id]);
        Assert.False((await device.BeatAsync()).Fenced);
    }

    [Fact]
    public async Task Heartbeats_KeepALeaseForEver()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        for (var i = 0; i < 30; i++)
        {
            await SweepForAsync(TimeSpan.FromSeconds(9));
            Assert.False((await device.BeatAsync(job)).Fenced);
        }

        Assert.Equal(JobStatus.Running, (await _queue.JobAsync(job.JobId)).Status);
    }

    [Fact]
    public async Task Register_OfAnotherLivingAgentsDevice_IsRefusedUntilItsLeaseEnds()
    {
        var device = (await _queue.AgentAsync())[0];
        var thief = QueueHarness.Registration("a", 1) with { AgentId = "thief" };

        Assert.Equal("a", (await _queue.Agents.RegisterAsync(thief, QueueHarness.Ct)).Refused[device.Id]);
        _queue.Advance(TimeSpan.FromSeconds(31));
        Assert.True((await _queue.Agents.RegisterAsync(thief, QueueHarness.Ct)).Accepted[device.Id] > device.Epoch);
        Assert.True((await device.BeatAsync()).Fenced);
        Assert.IsType<ClaimResult.Fenced>(await device.TryClaimAsync());
    }

    [Fact]
    public async Task Register_OfTheSameAgent_ReturnsWhatItHeldAndFencesItsFormerLife()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(2));
        var former = (await _queue.AgentAsync())[0];
        var batch = await former.ClaimAsync();
        await former.StartAsync(batch.Jobs[0]);

        var now = (await _queue.AgentAsync())[0];

        Assert.Equal(WriteStatus.Stale, await former.FinishAsync(batch.Jobs[0]));
        Assert.Equal([1, 0], (await Task.WhenAll(run.JobIds.Select(_queue.JobAsync))).Select(job => job.InfrastructureLosses));
        Assert.True(now.Epoch > former.Epoch);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Register_OfOneDeviceThatKeepsOthers_LeavesThemAlone()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var devices = await _queue.AgentAsync(devices: 2);
        var job = (await devices[0].ClaimAsync()).Jobs[0];
        var both = QueueHarness.Registration("a", 2);

        await _queue.Agents.RegisterAsync(both with { Devices = [both.Devices[1]], KeepsOthers = true }, QueueHarness.Ct);
        Assert.False((await devices[0].BeatAsync(job)).Fenced);
        await _queue.Agents.RegisterAsync(both with { Devices = [both.Devices[1]] }, QueueHarness.Ct);
        Assert.True((await devices[0].BeatAsync(job)).Fenced);
        Assert.Equal(JobStatus.Queued, (await _queue.JobAsync(job.JobId)).Status);
    }

    [Fact]
    public async Task Unregister_OfAnAgent_ReturnsItsJobsAndShowsItsDevicesOffline()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(2));
        var device = (await _queue.AgentAsync())[0];
        await device.ClaimAsync();

        await _queue.Agents.UnregisterAsync("a", QueueHarness.Ct);

        Assert.Equal(2, (await _queue.RunAsync(run.RunId)).Counts.Queued);
        Assert.Equal(DeviceState.Offline, (await _queue.Jobs.ListDevicesAsync(QueueHarness.Ct)).Devices.Single().State);
        Assert.False((await _queue.Jobs.ListAgentsAsync(QueueHarness.Ct)).Agents.Single().Online);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Claim_WhoseAnswerWasLost_IsRepeatedWithTheSameTokens()
    {
        await _queue.AcceptAsync(QueueHarness.Run(9));
        var device = (await _queue.AgentAsync())[0];
        var lost = await device.ClaimAsync();

        var again = await device.ClaimAsync();

        Assert.Equal(lost.BatchId, again.BatchId);
        Assert.Equal(lost.Jobs, again.Jobs);
    }

    private async Task SweepForAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _queue.Advance(TimeSpan.FromSeconds(1));
            await _queue.SweepAsync();
        }
    }
}
