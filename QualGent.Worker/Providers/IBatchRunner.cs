using QualGent.Worker.Batches;

namespace QualGent.Worker.Providers;

/// <summary>Runs batches on one device, one at a time.</summary>
public interface IBatchRunner
{
    /// <summary>
    /// Runs the batch until every job is reported or released, or until <see cref="BatchRun.Stopping"/>; nothing it started
    /// may live when it returns. Jobs it says nothing about are released, or lost if they had begun.
    /// </summary>
    Task RunAsync(BatchRun run);
}
