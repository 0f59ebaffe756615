using System.Collections.Concurrent;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>What operators stop and start again: the queue, organisations, builds, devices.</summary>
public sealed class ControlTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    public static TheoryData<string?, string?> Scopes => new() { { null, null }, { "acme", null }, { "acme", "v1" } };

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Pause_HandsOutNothingMore_AndResumeWakesAnIdleDevice(string? org, string? app)
    {
        var scope = new PauseScope { OrgId = org, AppVersionId = app };
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run(40));
        var batch = await devices[0].ClaimAsync();

        Assert.Equal([scope], (await _queue.Control.PauseAsync(scope, QueueHarness.Ct))!.Paused);
        await CheckAsync();
        await devices[1].ClaimNothingAsync();
        await PlacementTests.FinishAllAsync(devices[0], batch); // what it holds goes on
        await devices[0].ClaimNothingAsync();
        await _queue.AcceptAsync(QueueHarness.Run(2)); // still accepted
        await _queue.SweepAsync();
        await CheckAsync();
        Assert.Equal([scope], (await _queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Paused);

        var hints = new ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);
        Assert.Empty((await _queue.Control.ResumeAsync(scope, QueueHarness.Ct)).Paused);
        await CheckAsync();
        await Testing.Eventually.HoldsAsync(() => !hints.IsEmpty, "an idle device is told", QueueHarness.Ct);
        await devices[0].ClaimAsync();
    }

    [Theory]
    [InlineData("acme", null)]
    [InlineData("acme", "v1")]
    public async Task Pause_OfAPart_LeavesTheRestRunning(string org, string? app)
    {
        await _queue.AcceptAsync(QueueHarness.Run(2, app: "v1"));
        await _queue.AcceptAsync(QueueHarness.Run(2, app: "v2"));
        await _queue.AcceptAsync(QueueHarness.Run(2, org: "other"));
        var devices = await _queue.AgentAsync(devices: 3);

        await _queue.Control.PauseAsync(new PauseScope { OrgId = org, AppVersionId = app }, QueueHarness.Ct);

        var claimed = new List<string>();
        foreach (var device in devices)
        {
            if (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
            {
                claimed.Add($"{batch.OrgId}/{batch.AppVersionId}");
            }
        }

        Assert.Equal(app is null ? ["other/v1"] : ["acme/v2", "other/v1"], claimed.Order());
        await CheckAsync();
    }

    [Fact]
    public async Task Pause_OfAServedBuild_StopsItsBoundDevicesToo()
    {
        await _queue.AcceptAsync(QueueHarness.Run(8, app: "v1"));
        await _queue.AcceptAsync(QueueHarness.Run(1, app: "v2"));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await _queue.Control.PauseAsync(new PauseScope { OrgId = "acme", AppVersionId = "v1" }, QueueHarness.Ct);
        await CheckAsync();
        await PlacementTests.FinishAllAsync(device, batch);

        Assert.Equal("v2", (await device.ClaimAsync()).AppVersionId);
        await CheckAsync();
    }

    [Fact]
    public async Task Pause_OfMoreThanTheLimit_IsRefused()
    {
        for (var i = 0; i < Limits.PausedMax; i++)
        {
            await _queue.Control.PauseAsync(new PauseScope { OrgId = $"org-{i}" }, QueueHarness.Ct);
        }

        var digest = await _queue.Invariants.DigestAsync();
        Assert.Null(await _queue.Control.PauseAsync(new PauseScope { OrgId = "one-more" }, QueueHarness.Ct));
        Assert.NotNull(await _queue.Control.PauseAsync(new PauseScope { OrgId = "org-7" }, QueueHarness.Ct));
        Assert.Equal(digest, await _queue.Invariants.DigestAsync());
    }

    [Theory]
    [InlineData(DeviceDuty.Draining, DeviceState.Draining)]
    [InlineData(DeviceDuty.Quarantined, DeviceState.Quarantined)]
    public async Task OffDuty_ABusyDevice_EndsItsBatchEarlyAndTakesNothingMoreEvenInANewLife(DeviceDuty duty, DeviceState state)
    {
        await _queue.AcceptAsync(QueueHarness.Run(20));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        var hints = new ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);

        var view = await _queue.Control.SetDutyAsync(device.Id, duty, QueueHarness.Ct);

        Assert.Equal((state, 6), (view!.State, view.JobIds.Count));
        await Testing.Eventually.HoldsAsync(() => hints.Contains(new AgentHint(device.Id, AgentHintKind.Beat)), "the agent is told", QueueHarness.Ct);
        Assert.True((await device.BeatAsync([.. batch.Jobs])).Yield);
        await device.FinishAsync(batch.Jobs[0]);
        foreach (var job in batch.Jobs.Skip(1))
        {
            await device.ReleaseAsync(job);
        }

        await device.ClaimNothingAsync();
        var again = (await _queue.AgentAsync())[0];
        await again.ClaimNothingAsync();
        await CheckAsync();
        Assert.False((await _queue.AcceptAsync(QueueHarness.Run())).CouldBeServed);

        await _queue.Control.SetDutyAsync(device.Id, DeviceDuty.OnDuty, QueueHarness.Ct);

        await Testing.Eventually.HoldsAsync(() => hints.Contains(new AgentHint(device.Id, AgentHintKind.Claim)), "the device is told", QueueHarness.Ct);
        Assert.Equal(6, (await again.ClaimAsync()).Jobs.Count);
        await CheckAsync();
    }

    [Fact]
    public async Task OffDuty_AnIdleDevice_IsNeitherWokenNorCounted()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run());
        await PlacementTests.FinishAllAsync(devices[0], await devices[0].ClaimAsync());
        await devices[0].ClaimNothingAsync();
        _queue.Advance(TimeSpan.FromSeconds(1));
        await devices[1].ClaimNothingAsync();
        await _queue.Control.SetDutyAsync(devices[0].Id, DeviceDuty.Draining, QueueHarness.Ct);
        await _queue.Control.SetDutyAsync(devices[0].Id, DeviceDuty.Draining, QueueHarness.Ct);
        var hints = new ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);

        await _queue.AcceptAsync(QueueHarness.Run());

        await Testing.Eventually.HoldsAsync(() => !hints.IsEmpty, "a device is told", QueueHarness.Ct);
        Assert.Equal([devices[1].Id], hints.Select(hint => hint.DeviceId)); // the warm one is off duty
        await devices[0].ClaimNothingAsync();
        Assert.Equal([DeviceState.Draining, DeviceState.Idle], (await _queue.Jobs.ListDevicesAsync(QueueHarness.Ct)).Devices.Select(device => device.State));
        Assert.Single((await devices[1].ClaimAsync()).Jobs);
        await CheckAsync();
    }

    [Fact]
    public async Task OffDuty_AnUnknownDevice_ChangesNothing()
    {
        var digest = await _queue.Invariants.DigestAsync();
        Assert.Null(await _queue.Control.SetDutyAsync("dev_unknown", DeviceDuty.Draining, QueueHarness.Ct));
        Assert.Equal(digest, await _queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task InstallFailed_OnTheOnlyDeviceOnDuty_EndsTheJobs()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        await _queue.Control.SetDutyAsync(devices[1].Id, DeviceDuty.Draining, QueueHarness.Ct);

        await devices[0].FinishAsync((await devices[0].ClaimAsync()).Jobs[0], JobOutcome.InstallFailed, VerdictCodes.InstallFailed);

        Assert.Equal(VerdictCodes.InstallFailed, (await _queue.JobAsync(run.JobIds[0])).Code);
        Assert.Equal(JobStatus.Errored, (await _queue.JobAsync(run.JobIds[0])).Status);
    }

    private async Task CheckAsync() => await _queue.Invariants.CheckAsync((await _queue.Jobs.ListRunsAsync(new RunQuery { Limit = 500 }, QueueHarness.Ct)).Runs.Select(run => run.Id));
}
