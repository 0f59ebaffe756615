using System.Collections.Concurrent;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>How many devices a group gets: as many as installations pay for, by what has been measured.</summary>
public sealed class SpreadTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Group_BeyondTheFirstOfAnOrganisationThatAreServed_IsFound()
    {
        var devices = await _queue.AgentAsync(devices: 12);
        for (var version = 0; version < 12; version++)
        {
            await _queue.AcceptAsync(QueueHarness.Run(8, app: $"v{version}"));
        }

        var apps = new List<string>();
        foreach (var device in devices)
        {
            apps.Add((await device.ClaimAsync()).AppVersionId); // leaves two jobs, which pay for nobody else
        }

        Assert.Equal(12, apps.Distinct().Count());
        await CheckAsync();
    }

    [Fact]
    public async Task Installation_MeasuredAsShort_BringsMoreDevices()
    {
        var devices = await _queue.AgentAsync(devices: 3);
        await _queue.AcceptAsync(QueueHarness.Run(9));
        var first = await devices[0].ClaimAsync();
        await devices[1].ClaimNothingAsync(); // three left: 30 s of work for an installation of 30 s

        _queue.Advance(TimeSpan.FromSeconds(5));
        await devices[0].StartAsync(first.Jobs[0]);

        Assert.Single((await devices[1].ClaimAsync()).Jobs);
        await CheckAsync();
    }

    [Fact]
    public async Task Files_MeasuredAsLong_BringMoreDevices()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await _queue.AcceptAsync(QueueHarness.Run(9));
        var first = await devices[0].ClaimAsync();
        await devices[1].ClaimNothingAsync();

        await _queue.Agents.FinishAsync(new JobReport { Job = devices[0].Handle(first.Jobs[0]), Outcome = JobOutcome.Passed, Duration = TimeSpan.FromMinutes(2) }, QueueHarness.Ct);

        Assert.Single((await devices[1].ClaimAsync()).Jobs);
        await CheckAsync();
    }

    [Fact]
    public async Task Group_WithoutProgressForThreeInstallations_LetsOneMoreDeviceInAndTellsIt()
    {
        var devices = await _queue.AgentAsync(devices: 3);
        await _queue.AcceptAsync(QueueHarness.Run(8));
        var batch = await devices[0].ClaimAsync(); // takes six
        await devices[1].ClaimNothingAsync();
        await devices[2].ClaimNothingAsync();
        var hints = new ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);

        await PassAsync(TimeSpan.FromSeconds(80), devices);
        await devices[0].FinishAsync(batch.Jobs[0]); // progress
        await PassAsync(TimeSpan.FromSeconds(89), devices);
        await devices[1].ClaimNothingAsync();
        Assert.Empty(hints);
        await PassAsync(TimeSpan.FromSeconds(2), devices);

        await Testing.Eventually.HoldsAsync(() => !hints.IsEmpty, "an idle device is told", QueueHarness.Ct);
        Assert.Single(hints);
        Assert.Single((await devices[2].ClaimAsync()).Jobs);
        await devices[1].ClaimNothingAsync(); // taking a job was progress
        await CheckAsync();
    }

    [Fact]
    public async Task IdleDevice_ThatHasTheBuild_JoinsHoweverShortTheGroup()
    {
        var devices = await _queue.AgentAsync(devices: 3);
        await _queue.AcceptAsync(QueueHarness.Run(40));
        foreach (var device in devices.Take(2))
        {
            await PlacementTests.FinishAllAsync(device, await device.ClaimAsync());
        }

        while (await devices[0].TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
        {
            await PlacementTests.FinishAllAsync(devices[0], batch);
        }

        await devices[1].ClaimNothingAsync();
        await _queue.AcceptAsync(QueueHarness.Run(8));
        Assert.Equal(6, (await devices[0].ClaimAsync()).Jobs.Count);

        await devices[2].ClaimNothingAsync();
        Assert.Single((await devices[1].ClaimAsync()).Jobs);
        await CheckAsync();
    }

    [Fact]
    public async Task OnlyIdleDevices_JoinTheGroupWithTheMostWorkPerDevice()
    {
        var devices = await _queue.AgentAsync(devices: 3);
        await _queue.AcceptAsync(QueueHarness.Run(11, app: "older"));
        _queue.Advance(TimeSpan.FromSeconds(1));
        await _queue.AcceptAsync(QueueHarness.Run(14, app: "longer"));
        Assert.Equal("older", (await devices[0].ClaimAsync()).AppVersionId);
        Assert.Equal("longer", (await devices[1].ClaimAsync()).AppVersionId);

        // 50 and 80 s are left: neither is four installations long.
        Assert.Equal("longer", (await devices[2].ClaimAsync()).AppVersionId);
        await CheckAsync();
    }

    private async Task PassAsync(TimeSpan time, IReadOnlyList<TestDevice> devices)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _queue.Advance(TimeSpan.FromSeconds(1));
            foreach (var device in devices)
            {
                await device.BeatAsync();
            }

            await _queue.SweepAsync();
        }
    }

    private async Task CheckAsync() => await _queue.Invariants.CheckAsync((await _queue.Jobs.ListRunsAsync(new RunQuery { Limit = 500 }, QueueHarness.Ct)).Runs.Select(run => run.Id));
}
