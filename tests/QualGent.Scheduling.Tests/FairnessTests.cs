using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>What organisations get of the devices: weights, caps, and turns among equals.</summary>
public sealed class FairnessTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Weight_OfTwo_GetsTwiceTheDevices()
    {
        await _queue.Control.ChangeOrgAsync("big", new OrgChange { Weight = 2 }, QueueHarness.Ct);
        await SubmitAsync("big", versions: 9);
        await SubmitAsync("small", versions: 9);

        var orgs = await ClaimOrgsAsync(await _queue.AgentAsync(devices: 9));

        Assert.Equal((6, 3), (orgs.Count(org => org == "big"), orgs.Count(org => org == "small")));
        await CheckAsync();
    }

    [Fact]
    public async Task Cap_IsNeverExceededAndLeavesTheRestToOthers()
    {
        await _queue.Control.ChangeOrgAsync("capped", new OrgChange { Cap = 2 }, QueueHarness.Ct);
        await SubmitAsync("capped", versions: 9);
        await SubmitAsync("other", versions: 1, tests: 500);
        var devices = await _queue.AgentAsync(devices: 6);

        var orgs = await ClaimOrgsAsync(devices);

        Assert.Equal((2, 4), (orgs.Count(org => org == "capped"), orgs.Count(org => org == "other")));
        await CheckAsync();
    }

    [Fact]
    public async Task Cap_WhenReached_LeavesAnIdleDeviceIdleUntilItIsRaised()
    {
        await _queue.Control.ChangeOrgAsync("acme", new OrgChange { Cap = 1 }, QueueHarness.Ct);
        await SubmitAsync("acme", versions: 3);
        var devices = await _queue.AgentAsync(devices: 2);
        await devices[0].ClaimAsync();
        await devices[1].ClaimNothingAsync();
        var hints = new System.Collections.Concurrent.ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);

        var org = await _queue.Control.ChangeOrgAsync("acme", new OrgChange { Cap = 2 }, QueueHarness.Ct);

        Assert.Equal((2, 1, 1.0), (org.Cap, org.Devices, org.Weight));
        await Testing.Eventually.HoldsAsync(() => hints.Contains(new AgentHint(devices[1].Id, AgentHintKind.Claim)), "the idle device is told", QueueHarness.Ct);
        await devices[1].ClaimAsync();
        await CheckAsync();
    }

    [Fact]
    public async Task Cap_LoweredBelowTheDevicesInUse_KillsNothingAndGivesNoMore()
    {
        await SubmitAsync("acme", versions: 6, tests: 20);
        var devices = await _queue.AgentAsync(devices: 3);
        var batches = new List<Batch>();
        foreach (var device in devices)
        {
            batches.Add(await device.ClaimAsync());
        }

        await _queue.Control.ChangeOrgAsync("acme", new OrgChange { Cap = 1 }, QueueHarness.Ct);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i < 2, (await devices[i].BeatAsync([.. batches[i].Jobs])).Yield);
            await PlacementTests.FinishAllAsync(devices[i], batches[i]);
            if (i < 2)
            {
                await devices[i].ClaimNothingAsync();
            }
        }

        await devices[2].ClaimAsync();
        Assert.Equal(1, (await _queue.Control.GetOrgAsync("acme", QueueHarness.Ct)).Devices);
        await CheckAsync();
    }

    [Fact]
    public async Task Turns_OfMoreOrganisationsThanDevices_GoByDeviceTimeAndWeight()
    {
        await _queue.Control.ChangeOrgAsync("heavy", new OrgChange { Weight = 1.9 }, QueueHarness.Ct); // not twice: floor(64 / 1.9) is what one device costs
        await _queue.Control.ChangeOrgAsync("light", new OrgChange { Weight = 1.9 }, QueueHarness.Ct);
        await SubmitAsync("light", versions: 12);
        await SubmitAsync("heavy", versions: 12);
        var device = (await _queue.AgentAsync())[0];

        var orgs = new List<string>();
        for (var turn = 0; turn < 9; turn++)
        {
            var batch = await device.ClaimAsync();
            orgs.Add(batch.OrgId);
            _queue.Advance(TimeSpan.FromSeconds(batch.OrgId == "heavy" ? 60 : 30)); // its tests take twice as long
            await device.BeatAsync();
            await PlacementTests.FinishAllAsync(device, batch);
        }

        Assert.Equal((6, 3), (orgs.Count(org => org == "light"), orgs.Count(org => org == "heavy")));
        await CheckAsync();
    }

    [Fact]
    public async Task Turns_OfAnOrganisationThatWasAway_AreNotSavedUp()
    {
        await SubmitAsync("busy", versions: 30);
        var device = (await _queue.AgentAsync())[0];
        for (var turn = 0; turn < 10; turn++)
        {
            await TurnAsync(device);
        }

        await SubmitAsync("back", versions: 10);

        var orgs = new List<string>();
        for (var turn = 0; turn < 6; turn++)
        {
            orgs.Add(await TurnAsync(device));
        }

        Assert.InRange(orgs.Count(org => org == "busy"), 2, 4); // level but for one turn
        await CheckAsync();
    }

    // Weighted max-min: nobody who still wants devices could have one more and still be behind somebody else.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Shares_OfAnyWeightsAndCaps_EndWithinOneDeviceOfEachOther(int seed)
    {
        var random = new Random(seed);
        var orgs = Enumerable.Range(0, random.Next(3, 7)).Select(i => (Id: $"org-{i}", Weight: random.Next(5, 40) / 10.0, Cap: random.Next(3) == 0 ? random.Next(1, 5) : Limits.CapMax)).ToList();
        var devices = await _queue.AgentAsync(devices: 24);
        foreach (var (id, weight, cap) in orgs)
        {
            // The first has every device before the others come.
            await _queue.Control.ChangeOrgAsync(id, new OrgChange { Weight = weight, Cap = cap }, QueueHarness.Ct);
            await SubmitAsync(id, versions: 24, tests: 50);
            if (id == orgs[0].Id)
            {
                await Task.WhenAll(devices.Select(device => device.TryClaimAsync()));
            }
        }

        for (var round = 0; round < 4; round++)
        {
            _queue.Advance(TimeSpan.FromSeconds(8));
            foreach (var device in devices)
            {
                if (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
                {
                    await PlacementTests.FinishAllAsync(device, batch);
                }
            }

            _queue.Advance(TimeSpan.FromSeconds(8));
            await Task.WhenAll(devices.Select(device => device.BeatAsync()));
        }

        await Task.WhenAll(devices.Select(device => device.TryClaimAsync()));
        var shares = await Task.WhenAll(orgs.Select(async org => (org.Weight, org.Cap, (await _queue.Control.GetOrgAsync(org.Id, QueueHarness.Ct)).Devices)));
        Assert.Equal(Math.Min(24, orgs.Sum(org => (long)org.Cap)), shares.Sum(share => share.Devices));
        Assert.All(shares, poor => Assert.All(shares, rich => Assert.True(
            poor.Devices == poor.Cap || Math.Floor(64 * (poor.Devices + 1) / poor.Weight) >= Math.Floor(64 * rich.Devices / rich.Weight), $"{poor} could have a device of {rich}")));
        await CheckAsync();
    }

    [Fact]
    public async Task Yield_ToAnOrganisationBelowItsShare_HappensOnceTheInstallationHasPaid()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await SubmitAsync("big", versions: 1, tests: 200);
        var batches = new[] { await devices[0].ClaimAsync(), await devices[1].ClaimAsync() };
        await SubmitAsync("small", versions: 1, tests: 1);
        Assert.False((await devices[0].BeatAsync([.. batches[0].Jobs])).Yield);

        _queue.Advance(TimeSpan.FromSeconds(29));
        Assert.False((await devices[0].BeatAsync([.. batches[0].Jobs])).Yield);
        _queue.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await devices[0].BeatAsync([.. batches[0].Jobs])).Yield);
        await PlacementTests.FinishAllAsync(devices[0], batches[0]);
        Assert.Equal("small", (await devices[0].ClaimAsync()).OrgId);

        // The other device's organisation has no more than its share now.
        Assert.False((await devices[1].BeatAsync([.. batches[1].Jobs])).Yield);
        await PlacementTests.FinishAllAsync(devices[1], batches[1]);
        Assert.Equal("big", (await devices[1].ClaimAsync()).OrgId);
        await CheckAsync();
    }

    [Fact]
    public async Task Yield_ToSeniorWorkOfItsOwnOrganisation_GoesThereAndNotToAnEqualOne()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(100, org: "own", app: "long", priority: 0));
        var batch = await device.ClaimAsync();
        await _queue.AcceptAsync(QueueHarness.Run(1, org: "equal", app: "other"));
        await _queue.AcceptAsync(QueueHarness.Run(1, org: "own", app: "urgent", priority: 9));
        _queue.Advance(TimeSpan.FromSeconds(29));
        await device.BeatAsync([.. batch.Jobs]);
        _queue.Advance(TimeSpan.FromSeconds(2));
        Assert.True((await device.BeatAsync([.. batch.Jobs])).Yield);

        await PlacementTests.FinishAllAsync(device, batch);

        Assert.Equal("urgent", (await device.ClaimAsync()).AppVersionId);
        await CheckAsync();
    }

    [Fact]
    public async Task Yield_ToAnotherOrganisationsPriority_NeverHappens()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(100, org: "patient", priority: 0));
        var batch = await device.ClaimAsync();
        await _queue.AcceptAsync(QueueHarness.Run(1, org: "loud", priority: 9));
        _queue.Advance(TimeSpan.FromMinutes(10));

        Assert.False((await device.BeatAsync([.. batch.Jobs])).Yield);
    }

    private async Task<string> TurnAsync(TestDevice device)
    {
        var batch = await device.ClaimAsync();
        _queue.Advance(TimeSpan.FromSeconds(40));
        await device.BeatAsync();
        await PlacementTests.FinishAllAsync(device, batch);
        return batch.OrgId;
    }

    private async Task SubmitAsync(string org, int versions, int tests = 1)
    {
        for (var version = 0; version < versions; version++)
        {
            await _queue.AcceptAsync(QueueHarness.Run(tests, org: org, app: $"v{version}"));
        }
    }

    private static async Task<List<string>> ClaimOrgsAsync(IReadOnlyList<TestDevice> devices)
    {
        var orgs = new List<string>();
        foreach (var device in devices)
        {
            orgs.Add((await device.ClaimAsync()).OrgId);
        }

        return orgs;
    }

    private async Task CheckAsync() => await _queue.Invariants.CheckAsync((await _queue.Jobs.ListRunsAsync(new RunQuery { Limit = 500 }, QueueHarness.Ct)).Runs.Select(run => run.Id));
}
