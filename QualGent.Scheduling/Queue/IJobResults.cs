using QualGent.Contracts;

namespace QualGent.Scheduling.Queue;

/// <summary>What was reported about jobs' executions, test by test.</summary>
public interface IJobResults
{
    /// <summary>Executions of each of these jobs, oldest first; empty for one that is unknown or has not been executed.</summary>
    Task<IReadOnlyList<IReadOnlyList<AttemptView>>> ReadAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken);
}
