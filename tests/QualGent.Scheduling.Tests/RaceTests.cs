using System.Collections.Concurrent;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Callers at the same instant: each call is one step, whoever comes first.</summary>
public sealed class RaceTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Claims_OfManyDevicesAtOnce_GiveEveryJobToExactlyOneOfThem()
    {
        var devices = await _queue.AgentAsync(devices: 16);
        var run = await _queue.AcceptAsync(QueueHarness.Run(160));

        var claims = await Task.WhenAll(devices.Select(device => device.TryClaimAsync()));

        var got = claims.OfType<ClaimResult.Claimed>().SelectMany(claim => claim.Batch.Jobs).Select(job => job.JobId).ToList();
        Assert.Equal(got.Count, got.Distinct().Count());
        Assert.Equal(got.Count, (await _queue.RunAsync(run.RunId)).Counts.Running);
        Assert.True(claims.OfType<ClaimResult.Claimed>().Count() > 4, "the group was worth more devices");
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Submissions_WithOneKeyAtOnce_StoreOneRun()
    {
        var key = new IdempotencyKey("key", "hash");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _queue.AcceptAsync(QueueHarness.Run(3), key)));

        Assert.Single(answers.Select(answer => answer.RunId).Distinct());
        Assert.Single(answers, answer => !answer.Replayed);
        Assert.Single((await _queue.Jobs.ListRunsAsync(new RunQuery(), QueueHarness.Ct)).Runs);
    }

    [Fact]
    public async Task ReportAndCancel_AtOnce_LeaveOneVerdictAndOneEnd()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(64, attempts: 1));
        var device = (await _queue.AgentAsync())[0];
        var verdicts = new ConcurrentBag<JobStatus>();
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
        {
            foreach (var job in batch.Jobs)
            {
                await Task.WhenAll(device.FinishAsync(job, JobOutcome.Failed), _queue.Jobs.CancelJobAsync(job.JobId, null, QueueHarness.Ct), device.FinishAsync(job));
                verdicts.Add((await _queue.JobAsync(job.JobId)).Status);
            }
        }

        // Whichever report came first decides; the cancellation never overwrites it.
        Assert.All(verdicts, verdict => Assert.True(verdict is JobStatus.Failed or JobStatus.Passed, $"{verdict}"));
        var counts = (await _queue.RunAsync(run.RunId)).Counts;
        Assert.Equal(64, counts.Failed + counts.Passed);
        await _queue.Invariants.CheckAsync(run.RunId);
    }
}
