using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Inside a run the longest test goes first; between runs nothing changes.</summary>
public sealed class OrderTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public void Order_OfKnownTimes_IsLongestFirst_AndWhatIsUnknownCountsAsTheMedian()
    {
        Assert.Equal("", RunOrder.Of([null, null]));
        Assert.Equal("000300000010" + "000100000200" + "000000000300" + "000200000200", RunOrder.Of([10, 200, 300, null]));
    }

    [Fact]
    public async Task Run_WhoseTestsAreKnown_HandsOutTheLongestFirst()
    {
        var device = (await _queue.AgentAsync())[0];
        await LearnAsync(device, 5, index => index == 3 ? 2 : 20 + index);

        var run = await _queue.AcceptAsync(QueueHarness.Run(5));

        Assert.Equal(("tests/t0.spec.ts", "tests/t4.spec.ts"), ((await _queue.JobAsync(run.JobIds[0])).TestPath, (await _queue.JobAsync(run.JobIds[4])).TestPath));
        Assert.Equal((1, 5), (await PositionAsync(run.JobIds[4]), await PositionAsync(run.JobIds[3])));
        Assert.Equal([4, 2, 1, 0, 3], (await ClaimAllAsync(device)).Select(job => run.JobIds.ToList().IndexOf(job.JobId)));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Run_SubmittedFirst_IsHandedOutFirst_HoweverShortItsTestsAre()
    {
        var device = (await _queue.AgentAsync())[0];
        await LearnAsync(device, 3, index => 1 + index);
        await LearnAsync(device, 3, index => 30 + index, "tests/long");

        var first = await _queue.AcceptAsync(QueueHarness.Run(3));
        _queue.Advance(TimeSpan.FromMilliseconds(1));
        var second = await _queue.AcceptAsync(QueueHarness.Run(3, prefix: "tests/long"));

        Assert.Equal([first.RunId, first.RunId, first.RunId, second.RunId, second.RunId, second.RunId], (await ClaimAllAsync(device)).Select(job => job.RunId));
    }

    [Fact]
    public async Task Run_ThatIsExpandedInPieces_HandsOutItsLongestTestOfAll()
    {
        var device = (await _queue.AgentAsync())[0];
        await LearnAsync(device, 3, _ => 5);
        await LearnAsync(device, 1, _ => 50, "tests/last");

        var run = await _queue.AcceptAsync(QueueHarness.Run(450) with { Tests = [.. QueueHarness.Run(449).Tests, "tests/last0.spec.ts"] });

        Assert.Equal([run.JobIds[449], run.JobIds[0], run.JobIds[1]], (await device.ClaimAsync()).Jobs.Take(3).Select(job => job.JobId));
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Job_ThatIsGivenBack_KeepsItsPlace()
    {
        var device = (await _queue.AgentAsync())[0];
        await LearnAsync(device, 3, index => 30 + index);
        var run = await _queue.AcceptAsync(QueueHarness.Run(3));
        foreach (var job in (await device.ClaimAsync()).Jobs)
        {
            await device.ReleaseAsync(job);
        }

        await _queue.Invariants.CheckAsync(run.RunId);
        Assert.Equal(run.JobIds[2], (await device.ClaimAsync()).Jobs[0].JobId);
    }

    [Fact]
    public async Task Batch_OfALongTest_IsOfNothingElse()
    {
        var device = (await _queue.AgentAsync())[0];
        await LearnAsync(device, 13, index => index == 0 ? 70 : 1); // a file takes six seconds, on average
        await _queue.AcceptAsync(QueueHarness.Run(13));

        Assert.Equal("tests/t0.spec.ts", Assert.Single((await device.ClaimAsync()).Jobs).TestPath);
    }

    private async Task<long?> PositionAsync(string jobId) => (await _queue.Jobs.WhyAsync(jobId, QueueHarness.Ct))!.Position;

    // Runs tests once, each as many seconds as told.
    private async Task LearnAsync(TestDevice device, int tests, Func<int, int> seconds, string prefix = "tests/t")
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(tests, prefix: prefix));
        foreach (var job in await ClaimAllAsync(device, index => seconds(index), run.JobIds))
        {
            Assert.Equal(run.RunId, job.RunId);
        }
    }

    private async Task<List<ClaimedJob>> ClaimAllAsync(TestDevice device, Func<int, int>? seconds = null, IReadOnlyList<string>? ids = null)
    {
        var claimed = new List<ClaimedJob>();
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch.Jobs: var jobs })
        {
            foreach (var job in jobs)
            {
                claimed.Add(job);
                var took = seconds is null ? 5 : seconds(ids!.ToList().IndexOf(job.JobId));
                var report = new JobReport { Job = device.Handle(job), Outcome = JobOutcome.Passed, Duration = TimeSpan.FromSeconds(took) };
                Assert.Equal(WriteStatus.Done, await _queue.Agents.FinishAsync(report, QueueHarness.Ct));
            }
        }

        return claimed;
    }
}
