using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Artifacts;

/// <summary>Where batches hand in what they leave behind, and where a new life of the agent finds what the old one had.</summary>
public sealed class ArtifactDesk(Outbox outbox, ArtifactSender sender, BatchEvidence evidence, TimeProvider time, ILogger<BatchArtifacts> logger)
{
    /// <summary>For a batch that begins.</summary>
    public BatchArtifacts Open(Batch batch) => new(batch, evidence.FolderOf(batch.BatchId), outbox, sender, evidence, time, logger);

    /// <summary>
    /// Takes up what a former life had not delivered: tells the queue what is to come and uploads it in the background. Must be
    /// done before its reports are delivered, which may give its jobs to others.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var execution in outbox.Load())
        {
            if (!execution.Final)
            {
                await evidence.AddAsync(execution, evidence.FolderOf(execution.BatchId));
                execution.Final = true;
            }

            await sender.AnnounceAsync(execution, cancellationToken);
            sender.Complete(execution);
        }
    }
}
