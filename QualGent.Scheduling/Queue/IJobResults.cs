using QualGent.Contracts;

namespace QualGent.Scheduling.Queue;

/// <summary>What was reported about jobs' executions, test by test.</summary>
public interface IJobResults
{
    /// <summary>Executions of each of these jobs while its run waited for it, oldest first; empty for one that has not been executed.</summary>
    Task<IReadOnlyList<IReadOnlyList<AttemptView>>> ReadAsync(IReadOnlyList<JobView> jobs, CancellationToken cancellationToken);
}
