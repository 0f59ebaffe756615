using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Why a job waits, and when it should start.</summary>
public sealed class WaitTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection, options => options.RetryBaseDelay = options.RetryMaxDelay = TimeSpan.Zero);

    [Fact]
    public async Task Why_OfWhatNoDeviceServes_SaysSo()
    {
        await _queue.AgentAsync();
        var run = await _queue.AcceptAsync(QueueHarness.Run() with { Class = new RequirementClass("device", "ios", new Dictionary<string, string> { ["os"] = "99" }) });

        var wait = await WhyAsync(run.JobIds[0]);

        Assert.Equal(WaitCode.NoDevice, wait.Reasons[0].Code);
        Assert.Contains("device/ios/os=99", wait.Reasons[0].Message, StringComparison.Ordinal);
        Assert.Equal((new ServingDevices(0, 0, 0, 0), null, null), (wait.Devices, wait.ExpectedStart, wait.ExpectedFinish));
        Assert.Null((await _queue.RunAsync(run.RunId)).ExpectedEnd);
    }

    [Fact]
    public async Task Why_WithAnIdleDevice_IsNextAndStartsBehindItsInstallation()
    {
        await (await _queue.AgentAsync())[0].ClaimNothingAsync();
        var run = await _queue.AcceptAsync(QueueHarness.Run());

        var wait = await WhyAsync(run.JobIds[0]);

        Assert.Equal([WaitCode.Next], wait.Reasons.Select(reason => reason.Code));
        Assert.Equal((1, 30.0, 40.0), (wait.Position, Seconds(wait.ExpectedStart!.P50), Seconds(wait.ExpectedFinish!.P50)));
        Assert.True(wait.ExpectedStart.P90 > wait.ExpectedStart.P50);
    }

    [Fact]
    public async Task Why_BehindItsGroup_CountsWhatIsMoreSenior()
    {
        var device = (await _queue.AgentAsync())[0];
        var low = await _queue.AcceptAsync(QueueHarness.Run(20, priority: 2));
        await _queue.AcceptAsync(QueueHarness.Run(10, priority: 9, project: "urgent"));
        await device.ClaimAsync(); // six of the urgent ones

        var wait = await WhyAsync(low.JobIds[5]);

        Assert.Equal([WaitCode.BehindGroup], wait.Reasons.Select(reason => reason.Code));
        Assert.Equal((10, new ServingDevices(0, 1, 0, 0)), (wait.Position, wait.Devices));
        // An installation, the six it holds, and the nine more senior ones; then fourteen more and itself.
        Assert.Equal(30 + 60 + 90, Seconds(wait.ExpectedStart!.P50));
        Assert.Equal(30 + 60 + 90 + 140 + 10, Seconds((await _queue.RunAsync(low.RunId)).ExpectedEnd!.P50));
    }

    [Fact]
    public async Task Why_OfAGroupThatIsServed_KnowsWhatItsDevicesAreAt()
    {
        var device = (await _queue.AgentAsync())[0];
        var run = await _queue.AcceptAsync(QueueHarness.Run(12));
        var jobs = (await device.ClaimAsync()).Jobs; // six, behind an installation
        Assert.Equal(30 + 60, Seconds((await WhyAsync(run.JobIds[6])).ExpectedStart!.P50));

        _queue.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(10 + 60, Seconds((await WhyAsync(run.JobIds[6])).ExpectedStart!.P50));

        _queue.Advance(TimeSpan.FromSeconds(10));
        await device.StartAsync(jobs[0]);
        Assert.Equal(57, Seconds((await WhyAsync(run.JobIds[6])).ExpectedStart!.P50)); // one is under way, five follow
        await device.FinishAsync(jobs[0]);
        Assert.Equal(50, Seconds((await WhyAsync(run.JobIds[6])).ExpectedStart!.P50));
    }

    [Fact]
    public async Task Why_OfABuildThatNothingIsKnownOf_ExpectsWhatOthersTook()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(1));
        var job = (await device.ClaimAsync()).Jobs[0];
        await _queue.Agents.FinishAsync(new JobReport { Job = device.Handle(job), Outcome = JobOutcome.Passed, Duration = TimeSpan.FromSeconds(25) }, QueueHarness.Ct);
        await device.ClaimNothingAsync();

        var run = await _queue.AcceptAsync(QueueHarness.Run(3, app: "v2"));

        Assert.Equal(30 + 50, Seconds((await WhyAsync(run.JobIds[2])).ExpectedStart!.P50));
    }

    [Fact]
    public async Task Why_BehindItsOrganisation_CountsItsGroups()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(1, app: "v1"));
        await _queue.AcceptAsync(QueueHarness.Run(7, app: "v2"));
        await _queue.AcceptAsync(QueueHarness.Run(2, org: "other"));
        var run = await _queue.AcceptAsync(QueueHarness.Run(1, app: "v3"));
        await device.ClaimAsync();

        var wait = await WhyAsync(run.JobIds[0]);

        Assert.Equal([WaitCode.BehindOrg, WaitCode.BehindOthers], wait.Reasons.Select(reason => reason.Code));
        Assert.Equal(8, wait.Position);
        Assert.InRange(Seconds(wait.ExpectedStart!.P50), 150, 300);
    }

    [Fact]
    public async Task Why_OfAPausedBuildAtItsCap_NamesBothAndExpectsNothing()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(1, app: "v0"));
        await device.ClaimAsync();
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        await _queue.Control.ChangeOrgAsync("acme", new OrgChange { Cap = 1 }, QueueHarness.Ct);
        Assert.Equal([WaitCode.CapReached], (await WhyAsync(run.JobIds[0])).Reasons.Select(reason => reason.Code));

        await _queue.Control.PauseAsync(new PauseScope { OrgId = "acme", AppVersionId = "v1" }, QueueHarness.Ct);
        await _queue.Control.PauseAsync(new PauseScope(), QueueHarness.Ct);

        var wait = await WhyAsync(run.JobIds[0]);
        Assert.Equal([WaitCode.QueuePaused, WaitCode.BuildPaused, WaitCode.CapReached], wait.Reasons.Select(reason => reason.Code));
        Assert.Null(wait.ExpectedStart);
    }

    [Fact]
    public async Task Why_WhenTheRestOfTheGroupPaysForNobody_NamesTheSpreadRule()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        var run = await _queue.AcceptAsync(QueueHarness.Run(8));
        await devices[0].ClaimAsync();
        await devices[1].ClaimNothingAsync();

        var wait = await WhyAsync(run.JobIds[6]);

        Assert.Equal([WaitCode.SpreadRule], wait.Reasons.Select(reason => reason.Code));
        Assert.Contains("an installation of 30 s", wait.Reasons[0].Message, StringComparison.Ordinal);
        Assert.Equal(new ServingDevices(1, 1, 0, 0), wait.Devices);
    }

    [Fact]
    public async Task Why_OfARetry_NamesTheDeviceItLeaves()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        await devices[0].FinishAsync((await devices[0].ClaimAsync()).Jobs[0], JobOutcome.Failed);

        Assert.Contains(devices[0].Id, (await WhyAsync(run.JobIds[0])).Reasons.Single(reason => reason.Code == WaitCode.RetryElsewhere).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_OffDutyDelayedRunningAndEnded_EachHasItsReason()
    {
        var device = (await _queue.AgentAsync())[0];
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var later = await _queue.AcceptAsync(QueueHarness.Run() with { NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(_queue.NowMs + 600_000) });
        var wait = await WhyAsync(later.JobIds[0]);
        Assert.Equal("It is due in 10 min.", wait.Reasons[0].Message);
        Assert.Equal((WaitCode.NotDue, null, 600.0), (wait.Reasons[0].Code, wait.Position, Seconds(wait.ExpectedStart!.P50)));

        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);
        wait = await WhyAsync(job.JobId);
        Assert.Equal((WaitCode.Running, 10.0), (wait.Reasons.Single().Code, Seconds(wait.ExpectedFinish!.P50)));
        await device.FinishAsync(job);
        Assert.Equal(WaitCode.Ended, (await WhyAsync(run.JobIds[0])).Reasons.Single().Code);

        await _queue.Control.SetDutyAsync(device.Id, DeviceDuty.Quarantined, QueueHarness.Ct);
        wait = await WhyAsync((await _queue.AcceptAsync(QueueHarness.Run())).JobIds[0]);
        Assert.Equal((WaitCode.DevicesOffDuty, new ServingDevices(0, 0, 0, 1)), (wait.Reasons[0].Code, wait.Devices));
        Assert.Null(await _queue.Jobs.WhyAsync("job_nonsense", QueueHarness.Ct));
    }

    private async Task<JobWait> WhyAsync(string jobId)
    {
        var before = await _queue.Invariants.DigestAsync();
        var wait = Assert.IsType<JobWait>(await _queue.Jobs.WhyAsync(jobId, QueueHarness.Ct));
        Assert.Equal(before, await _queue.Invariants.DigestAsync());
        return wait;
    }

    private double Seconds(DateTimeOffset instant) => (instant.ToUnixTimeMilliseconds() - _queue.NowMs) / 1000.0;
}
