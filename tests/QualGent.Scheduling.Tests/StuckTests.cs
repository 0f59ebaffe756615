using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Ways in which other queues lose work or let it wait for ever; docs/queue-promises.md has the whole list.</summary>
public sealed class StuckTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Work_ThatFindsEveryDeviceBusy_WaitsForOneInsteadOfFailing()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(app: "first"));
        var first = await device.ClaimAsync();
        var second = await _queue.AcceptAsync(QueueHarness.Run(app: "second"));
        Assert.Equal(JobStatus.Queued, (await _queue.JobAsync(second.JobIds[0])).Status);

        await PlacementTests.FinishAllAsync(device, first);

        Assert.Equal("second", (await device.ClaimAsync()).AppVersionId);
    }

    [Fact]
    public async Task Submission_ToAGroupThatIsServed_JoinsItsDevice()
    {
        var device = (await _queue.AgentAsync())[0];
        await _queue.AcceptAsync(QueueHarness.Run(2));
        var batch = await device.ClaimAsync();
        var late = await _queue.AcceptAsync(QueueHarness.Run(1, prefix: "late/t"));

        await PlacementTests.FinishAllAsync(device, batch);

        Assert.Equal(late.JobIds, (await device.ClaimAsync()).Jobs.Select(job => job.JobId));
    }

    [Fact]
    public async Task Submission_OfTheSameTestsAgain_RunsThemAgainAndNothingElse()
    {
        var device = (await _queue.AgentAsync())[0];
        var first = await _queue.AcceptAsync(QueueHarness.Run(2));
        await PlacementTests.FinishAllAsync(device, await device.ClaimAsync());

        var second = await _queue.AcceptAsync(QueueHarness.Run(2));

        Assert.Equal(second.JobIds, (await device.ClaimAsync()).Jobs.Select(job => job.JobId));
        Assert.Equal(RunVerdict.Passed, (await _queue.RunAsync(first.RunId)).Verdict);
        await _queue.Invariants.CheckAsync(first.RunId, second.RunId);
    }

    [Fact]
    public async Task Batch_OfADeadAgent_IsServedByOthersEvenBehindItsGroup()
    {
        var lost = (await _queue.AgentAsync("lost"))[0];
        var run = await _queue.AcceptAsync(QueueHarness.Run(3));
        await lost.ClaimAsync();
        var other = (await _queue.AgentAsync("other"))[0];
        for (var seconds = 0; seconds < 35; seconds += 5)
        {
            await other.ClaimNothingAsync();
            _queue.Advance(TimeSpan.FromSeconds(5));
            await _queue.SweepAsync();
        }

        Assert.Equal(run.JobIds, (await other.ClaimAsync()).Jobs.Select(job => job.JobId));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Jobs_GivenBackByAYield_AreServedByOthersAndTheirFormerHolderIsRefused()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        var run = await _queue.AcceptAsync(QueueHarness.Run(6));
        var batch = await devices[0].ClaimAsync();
        await devices[0].StartAsync(batch.Jobs[0]);
        foreach (var job in batch.Jobs.Skip(1))
        {
            Assert.Equal(WriteStatus.Done, await devices[0].ReleaseAsync(job));
        }

        var taken = (await devices[1].ClaimAsync()).Jobs;

        Assert.NotEmpty(taken);
        Assert.All(await Task.WhenAll(batch.Jobs.Skip(1).Select(job => devices[0].FinishAsync(job))), status => Assert.NotEqual(WriteStatus.Done, status));
        Assert.Equal(WriteStatus.Done, await devices[0].FinishAsync(batch.Jobs[0]));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Retry_ThatWaitsForItsDelay_HoldsUpNobodyOfItsGroup()
    {
        var device = (await _queue.AgentAsync())[0];
        var run = await _queue.AcceptAsync(QueueHarness.Run(9));
        var batch = await device.ClaimAsync();
        foreach (var job in batch.Jobs)
        {
            await device.FinishAsync(job, JobOutcome.Failed);
        }

        Assert.Equal(run.JobIds.Skip(batch.Jobs.Count), (await device.ClaimAsync()).Jobs.Select(job => job.JobId));
    }

    [Theory]
    [InlineData("a_b", "v_1")]
    [InlineData("a-b", "v-1+build.2")]
    [InlineData("a.b", "1.0.0_rc-1")]
    public async Task Names_WithSeparators_AreGroupedAndServedAsAnyOther(string org, string app)
    {
        var device = (await _queue.AgentAsync())[0];
        var run = await _queue.AcceptAsync(QueueHarness.Run(2, org: org, app: app));

        var batch = await device.ClaimAsync();

        Assert.Equal((org, app, 2), (batch.OrgId, batch.AppVersionId, batch.Jobs.Count));
        await PlacementTests.FinishAllAsync(device, batch);
        Assert.Equal(RunVerdict.Passed, (await _queue.RunAsync(run.RunId)).Verdict);
    }

    [Fact]
    public async Task Batch_OfEqualVersionNames_NeverMixesOrganisationsOrTargets()
    {
        await _queue.AcceptAsync(QueueHarness.Run(2, org: "one"));
        await _queue.AcceptAsync(QueueHarness.Run(2, org: "two"));
        await _queue.AcceptAsync(QueueHarness.Run(2, org: "one", target: "device"));
        var emulator = (await _queue.AgentAsync("a"))[0];
        var phone = (await _queue.AgentAsync("b", target: "device"))[0];

        Assert.Equal(("one", 2), await NextAsync(emulator));
        Assert.Equal(("two", 2), await NextAsync(emulator));
        Assert.Equal(("one", 2), await NextAsync(phone));
    }

    private static async Task<(string Org, int Jobs)> NextAsync(TestDevice device)
    {
        var batch = await device.ClaimAsync();
        await PlacementTests.FinishAllAsync(device, batch);
        return (batch.OrgId, batch.Jobs.Count);
    }
}
