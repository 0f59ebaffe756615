using QualGent.Scheduling.Queue;

namespace QualGent.Bench.Support;

/// <summary>A device whose tests take no time.</summary>
internal sealed class BenchDevice(IAgentQueue agents, string id, long epoch)
{
    public string Id => id;

    /// <summary>The next batch, or null when the device is registered as idle.</summary>
    public async Task<Batch?> ClaimAsync(CancellationToken cancellationToken) => await agents.ClaimAsync(id, epoch, cancellationToken) switch
    {
        ClaimResult.Claimed claimed => claimed.Batch,
        ClaimResult.Empty => null,
        var other => throw new InvalidOperationException($"{id} was answered {other}."),
    };

    /// <summary>Proof that it holds a job.</summary>
    public JobHandle Handle(ClaimedJob job) => new(job.JobId, job.Token, id, epoch);

    /// <summary>Reports every job of a batch as passed, all at once: the client sends them as one stream.</summary>
    public async Task FinishAsync(Batch batch, TimeSpan each, CancellationToken cancellationToken)
    {
        var written = await Task.WhenAll(batch.Jobs.Select(job => agents.FinishAsync(
            new JobReport { Job = Handle(job), Outcome = JobOutcome.Passed, Duration = each }, cancellationToken)));
        if (written.Any(status => status != WriteStatus.Done))
        {
            throw new InvalidOperationException($"{id}: a report was not written.");
        }
    }
}
