using System.Collections.Concurrent;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;

namespace QualGent.Scheduling.Tests;

/// <summary>A Redis Cluster of three nodes: a pool lies on one of them, no script reaches for another, and a second pool is a second shard.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Cluster_OfThreeNodes_CarriesOnePoolEachThroughTheWholeStory()
    {
        await using var cluster = await RedisCluster.StartAsync(QueueHarness.Ct);
        using var connection = await cluster.ConnectAsync();
        // The first pool names that fall on each of the nodes.
        var pools = Enumerable.Range(0, 100).Select(i => $"pool-{i}").GroupBy(pool => RedisCluster.NodeOf(connection.HashSlot($"qg:{{{pool}}}:"))).OrderBy(node => node.Key).Select(node => node.First()).ToList();
        Assert.Equal(RedisCluster.Size, pools.Count);

        var queues = new List<QueueHarness>();
        foreach (var pool in pools)
        {
            queues.Add(new QueueHarness(connection, options => options.Pool = pool));
            await TellAsync(queues[^1]);
        }

        foreach (var (node, queue) in cluster.Nodes.Zip(queues))
        {
            var keys = connection.GetServer("127.0.0.1", node.Port).Keys(pageSize: 1000).Select(key => (string)key!).ToList();
            Assert.NotEmpty(keys);
            Assert.All(keys, key => Assert.StartsWith(queue.Keys.Prefix, key, StringComparison.Ordinal));
        }
    }

    // Every script at least once.
    private static async Task TellAsync(QueueHarness queue)
    {
        var devices = await queue.AgentAsync(devices: 2);
        var hints = new ConcurrentQueue<AgentHint>();
        await using var watch = await queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);
        await devices[0].ClaimNothingAsync();
        var run = await queue.AcceptAsync(QueueHarness.Run(230), new IdempotencyKey("key", "hash"));
        var second = await queue.AcceptAsync(QueueHarness.Run(3, app: "v2"));
        await queue.SweepAsync();
        await Eventually.HoldsAsync(() => hints.Contains(new AgentHint(devices[0].Id, AgentHintKind.Claim)), "the idle device is told", QueueHarness.Ct);
        await queue.Control.ChangeOrgAsync("acme", new OrgChange { Weight = 2, Cap = 2 }, QueueHarness.Ct);
        await queue.Control.PauseAsync(new PauseScope { OrgId = "acme" }, QueueHarness.Ct);
        Assert.Contains((await queue.Jobs.WhyAsync(run.JobIds[0], QueueHarness.Ct))!.Reasons, reason => reason.Code == WaitCode.OrgPaused);
        await queue.Control.ResumeAsync(new PauseScope { OrgId = "acme" }, QueueHarness.Ct);
        await queue.Control.SetDutyAsync(devices[1].Id, DeviceDuty.Draining, QueueHarness.Ct);
        await queue.Control.SetDutyAsync(devices[1].Id, DeviceDuty.OnDuty, QueueHarness.Ct);

        var batch = await devices[0].ClaimAsync();
        await devices[0].StartAsync(batch.Jobs[0]);
        Assert.False((await devices[0].BeatAsync([.. batch.Jobs])).Fenced);
        await devices[0].FinishAsync(batch.Jobs[0], JobOutcome.Failed);
        await devices[0].FinishAsync(batch.Jobs[1], JobOutcome.Lost, VerdictCodes.Infrastructure);
        await devices[0].FinishAsync(batch.Jobs[2], JobOutcome.InstallFailed, VerdictCodes.InstallFailed);
        await devices[0].ReleaseAsync(batch.Jobs[3]);
        await queue.Jobs.CancelJobAsync(batch.Jobs[4].JobId, null, QueueHarness.Ct);
        await queue.Jobs.CancelRunAsync(second.RunId, null, QueueHarness.Ct);
        await queue.Invariants.CheckAsync(run.RunId, second.RunId);
        await queue.Agents.UnregisterAsync("a", QueueHarness.Ct);
        await DrainAsync(queue, (await queue.AgentAsync("b"))[0], run.RunId);

        var counts = (await queue.RunAsync(run.RunId)).Counts;
        Assert.Equal((229, 1), (counts.Passed, counts.Cancelled));
        Assert.Equal(230, (await queue.Jobs.ListJobsAsync(new JobQuery { RunId = run.RunId, Limit = 500 }, QueueHarness.Ct)).Jobs.Count);
        Assert.NotEmpty((await queue.Jobs.ListDevicesAsync(QueueHarness.Ct)).Devices);
        Assert.NotEmpty((await queue.Jobs.ListAgentsAsync(QueueHarness.Ct)).Agents);
        Assert.NotEmpty((await queue.Jobs.ReadRunEventsAsync(run.RunId, null, QueueHarness.Ct))!);
        await queue.Invariants.CheckAsync(run.RunId, second.RunId);
    }

    private static async Task DrainAsync(QueueHarness queue, TestDevice device, string runId)
    {
        while ((await queue.RunAsync(runId)).Verdict is null)
        {
            queue.Advance(TimeSpan.FromSeconds(9));
            await queue.SweepAsync();
            if (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
            {
                await PlacementTests.FinishAllAsync(device, batch);
            }
        }
    }
}
