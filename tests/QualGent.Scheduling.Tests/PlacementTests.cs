using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Which device gets which jobs.</summary>
public sealed class PlacementTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Claim_OfSeveralPriorities_TakesTheHighestFirst()
    {
        await _queue.AcceptAsync(QueueHarness.Run(app: "low", priority: 2));
        await _queue.AcceptAsync(QueueHarness.Run(app: "urgent", priority: 9));
        await _queue.AcceptAsync(QueueHarness.Run(app: "normal", priority: 5));
        var device = (await _queue.AgentAsync())[0];

        Assert.Equal(["urgent", "normal", "low"], await ClaimedAppsAsync(device, 3));
    }

    [Fact]
    public async Task Claim_OfALowPriorityThatWaitedLongEnough_TakesItFirst()
    {
        await _queue.AcceptAsync(QueueHarness.Run(app: "old-low", priority: 2));
        _queue.Advance(_queue.Options.AgingPerLevel * 3.1);
        await _queue.AcceptAsync(QueueHarness.Run(app: "new-normal", priority: 5));
        var device = (await _queue.AgentAsync())[0];

        Assert.Equal(["old-low", "new-normal"], await ClaimedAppsAsync(device, 2));
    }

    [Fact]
    public async Task Claim_ByADeviceOfSeveralClasses_TakesTheMostSeniorWorkOfAllOfThem()
    {
        var android14 = new Dictionary<string, string> { ["os"] = "14" };
        await _queue.AcceptAsync(QueueHarness.Run(app: "old") with { Class = new RequirementClass("emulator", "android", android14) });
        _queue.Advance(_queue.Options.AgingPerLevel * 1.1);
        await _queue.AcceptAsync(QueueHarness.Run(app: "new"));
        var device = (await _queue.AgentAsync(labels: android14))[0];

        Assert.Equal(["old", "new"], await ClaimedAppsAsync(device, 2));
    }

    [Fact]
    public async Task Claim_WhileItsGroupHasWork_StaysWithIt()
    {
        await _queue.AcceptAsync(QueueHarness.Run(8, app: "v1"));
        await _queue.AcceptAsync(QueueHarness.Run(1, app: "v2"));
        await _queue.AcceptAsync(QueueHarness.Run(2, app: "v1", prefix: "more/t"));
        var device = (await _queue.AgentAsync())[0];

        // 60 s of work at an expected 10 s each, then what is left, and only then the other version.
        Assert.Equal(["v1", "v1", "v2"], await ClaimedAppsAsync(device, 3));
    }

    [Fact]
    public async Task Claim_ByASecondDevice_JoinsAGroupOnlyWhenItIsLong()
    {
        var devices = await _queue.AgentAsync(devices: 3);
        await _queue.AcceptAsync(QueueHarness.Run(9, app: "short"));
        Assert.Equal(6, (await devices[0].ClaimAsync()).Jobs.Count);
        await devices[1].ClaimNothingAsync(); // 3 left: 30 s of work do not pay for an installation of 30 s
        await _queue.AcceptAsync(QueueHarness.Run(40, app: "short", prefix: "long/t"));

        var joined = await devices[1].ClaimAsync();

        Assert.Equal(6, joined.Jobs.Count); // half of a device's fair share of 43 is more than fits a batch
        await _queue.Invariants.CheckAsync((await _queue.Jobs.ListRunsAsync(new RunQuery(), QueueHarness.Ct)).Runs.Select(run => run.Id));
    }

    [Fact]
    public async Task Claim_OfTheTailOfASharedGroup_LeavesSomeToTheOthers()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run(18));
        await devices[0].ClaimAsync();
        Assert.Equal(3, (await devices[1].ClaimAsync()).Jobs.Count); // 12 ready, 2 devices: a quarter
    }

    [Fact]
    public async Task Claim_OfATailThatIsShorterThanAProcessTakesToStart_TakesAllOfIt()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run(40));
        var (first, second) = (await devices[0].ClaimAsync(), await devices[1].ClaimAsync());
        await FinishAllAsync(devices[0], first, TimeSpan.FromMilliseconds(100));
        await FinishAllAsync(devices[1], second, TimeSpan.FromMilliseconds(100));

        Assert.Equal(28, (await devices[0].ClaimAsync()).Jobs.Count); // 2.8 s of work
    }

    [Fact]
    public async Task Claim_OfInterleavedRunsOfTheSameFiles_TakesEachFileOnceAndLooksFurther()
    {
        var first = await _queue.AcceptAsync(QueueHarness.Run(8));
        var second = await _queue.AcceptAsync(QueueHarness.Run(8)); // at the same instant: test 0 of both comes before test 1 of either
        var device = (await _queue.AgentAsync())[0];

        var batch = await device.ClaimAsync();

        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"tests/t{i}.spec.ts"), batch.Jobs.Select(job => job.TestPath));
        Assert.All(batch.Jobs, (job, i) => Assert.Contains(job.JobId, new[] { first.JobIds[i], second.JobIds[i] }));
        await _queue.Invariants.CheckAsync([first.RunId, second.RunId]);
    }

    [Fact]
    public async Task Claim_NeverMixesLanes()
    {
        await _queue.AcceptAsync(QueueHarness.Run(2, project: "smoke"));
        _queue.Advance(TimeSpan.FromMilliseconds(2));
        await _queue.AcceptAsync(QueueHarness.Run(2, project: "full", prefix: "full/t"));
        _queue.Advance(TimeSpan.FromMilliseconds(2));
        await _queue.AcceptAsync(QueueHarness.Run(2, project: "smoke", reset: "full", prefix: "reset/t"));
        var device = (await _queue.AgentAsync())[0];

        var lanes = new List<(string?, string)>();
        for (var i = 0; i < 3; i++)
        {
            var batch = await device.ClaimAsync();
            Assert.Equal(2, batch.Jobs.Count);
            lanes.Add((batch.Project, batch.Reset));
            await FinishAllAsync(device, batch);
        }

        Assert.Equal([("smoke", "clear"), ("full", "clear"), ("smoke", "full")], lanes);
    }

    [Fact]
    public async Task Claim_OfJobsWithDifferentBundles_NeverMixesThem()
    {
        var (old, changed) = (new string('a', 64), new string('b', 64));
        foreach (var bundle in (string?[])[old, changed, null])
        {
            await _queue.AcceptAsync(QueueHarness.Run(2, prefix: $"{bundle}/t") with { Bundle = bundle });
            _queue.Advance(TimeSpan.FromMilliseconds(2));
        }

        var late = await _queue.AcceptAsync(QueueHarness.Run(1, prefix: "late/t") with { Bundle = old });
        Assert.Equal(old, (await _queue.JobAsync(late.JobIds[0])).Bundle);
        Assert.Equal(old, (await _queue.Jobs.GetRunAsync(late.RunId, QueueHarness.Ct))!.Bundle);
        var device = (await _queue.AgentAsync())[0];

        var batches = new List<(string?, int)>();
        for (var i = 0; i < 3; i++)
        {
            var batch = await device.ClaimAsync();
            batches.Add((batch.Bundle, batch.Jobs.Count));
            await FinishAllAsync(device, batch);
        }

        Assert.Equal([(old, 3), (changed, 2), (null, 2)], batches);
    }

    [Fact]
    public async Task Claim_OfTwoRunsWithTheSameFiles_TakesNoFileTwice()
    {
        await _queue.AcceptAsync(QueueHarness.Run(2));
        await _queue.AcceptAsync(QueueHarness.Run(3));
        var device = (await _queue.AgentAsync())[0];

        Assert.Equal(["tests/t0.spec.ts", "tests/t1.spec.ts", "tests/t2.spec.ts"], (await device.ClaimAsync()).Jobs.Select(job => job.TestPath));
    }

    [Fact]
    public async Task Claim_OfAJobMarkedAlone_TakesNothingElse()
    {
        await _queue.AcceptAsync(QueueHarness.Run(3));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        foreach (var job in batch.Jobs)
        {
            await device.FinishAsync(job, JobOutcome.RunAlone);
        }

        Assert.Single((await device.ClaimAsync()).Jobs);
    }

    [Fact]
    public async Task Claim_PrefersTheBuildOnTheDevice()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run(3, app: "v1"));
        await _queue.AcceptAsync(QueueHarness.Run(3, app: "v2"));
        foreach (var device in devices)
        {
            await FinishAllAsync(device, await device.ClaimAsync());
        }

        await devices[0].ClaimNothingAsync();
        await devices[1].ClaimNothingAsync();
        await _queue.AcceptAsync(QueueHarness.Run(3, app: "v2"));
        await devices[0].ClaimNothingAsync(); // left to the device that has v2, for a moment
        await _queue.AcceptAsync(QueueHarness.Run(3, app: "v1"));

        Assert.Equal("v2", (await devices[1].ClaimAsync()).AppVersionId);
        Assert.Equal("v1", (await devices[0].ClaimAsync()).AppVersionId);
    }

    [Fact]
    public async Task Claim_AfterTheAgentCameBack_LeavesABuildToTheDeviceThatHasIt()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run(3));
        await FinishAllAsync(devices[0], await devices[0].ClaimAsync());
        await devices[0].ClaimNothingAsync();
        await _queue.AcceptAsync(QueueHarness.Run(3));
        _queue.Advance(TimeSpan.FromSeconds(20));

        var again = await _queue.AgentAsync(devices: 2);
        await again[1].ClaimNothingAsync();

        Assert.Equal(3, (await again[0].ClaimAsync()).Jobs.Count);
    }

    [Fact]
    public async Task Claim_WhenTheWarmDeviceDoesNotComeInTime_TakesItsWork()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run(1));
        await FinishAllAsync(devices[0], await devices[0].ClaimAsync());
        await devices[0].ClaimNothingAsync();
        await _queue.AcceptAsync(QueueHarness.Run(1));
        await devices[1].ClaimNothingAsync();

        _queue.Advance(TimeSpan.FromSeconds(5));

        Assert.Single((await devices[1].ClaimAsync()).Jobs);
    }

    [Fact]
    public async Task Claim_ServesTheOrganisationWithTheFewestDevices()
    {
        var devices = await _queue.AgentAsync(devices: 3);
        await _queue.AcceptAsync(QueueHarness.Run(100, org: "big"));
        await _queue.AcceptAsync(QueueHarness.Run(100, org: "big", app: "v2"));
        _queue.Advance(TimeSpan.FromSeconds(1));
        await _queue.AcceptAsync(QueueHarness.Run(1, org: "small"));

        var orgs = new List<string>();
        foreach (var device in devices)
        {
            orgs.Add((await device.ClaimAsync()).OrgId);
        }

        Assert.Equal(["big", "small", "big"], orgs);
    }

    [Fact]
    public async Task Claim_OnlyGivesClassesTheDeviceServes()
    {
        var plain = (await _queue.AgentAsync("plain"))[0];
        var pixel = (await _queue.AgentAsync("pixel", labels: new Dictionary<string, string> { ["model"] = "pixel-8" }))[0];
        await plain.ClaimNothingAsync();
        var needs = new RequirementClass("emulator", "android", new Dictionary<string, string> { ["model"] = "pixel-8" });
        var accepted = await _queue.AcceptAsync(QueueHarness.Run() with { Class = needs });
        Assert.True(accepted.CouldBeServed);
        Assert.False((await _queue.AcceptAsync(QueueHarness.Run(target: "device"))).CouldBeServed);

        await plain.ClaimNothingAsync();

        Assert.Equal(accepted.JobIds, (await pixel.ClaimAsync()).Jobs.Select(job => job.JobId));
    }

    [Fact]
    public async Task Heartbeat_WhenUrgentWorkOfTheSameOrganisationWaits_AsksToYield()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(100, priority: 2));
        var batch = await device.ClaimAsync();
        await _queue.AcceptAsync(QueueHarness.Run(1, app: "v2", priority: 9));
        Assert.False((await device.BeatAsync([.. batch.Jobs])).Yield); // the installation has not paid for itself

        _queue.Advance(TimeSpan.FromSeconds(30));

        Assert.True((await device.BeatAsync([.. batch.Jobs])).Yield);
        await FinishAllAsync(device, batch);
        Assert.Equal("v2", (await device.ClaimAsync()).AppVersionId);
    }

    internal static async Task FinishAllAsync(TestDevice device, Batch batch, TimeSpan? each = null)
    {
        foreach (var job in batch.Jobs)
        {
            Assert.Equal(WriteStatus.Done, await device.FinishAsync(job, duration: each));
        }
    }

    private static async Task<List<string>> ClaimedAppsAsync(TestDevice device, int batches)
    {
        var apps = new List<string>();
        for (var i = 0; i < batches; i++)
        {
            var batch = await device.ClaimAsync();
            apps.Add(batch.AppVersionId);
            await FinishAllAsync(device, batch);
        }

        return apps;
    }
}
