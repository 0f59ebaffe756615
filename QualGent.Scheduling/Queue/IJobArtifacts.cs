using QualGent.Contracts;
using QualGent.Scheduling.Results;

namespace QualGent.Scheduling.Queue;

/// <summary>
/// Which files jobs' executions left behind. Their bytes lie in the blob store, which keeps them for as long as it is said
/// here that they belong to a job. Nothing here decides anything about a job.
/// </summary>
public interface IJobArtifacts
{
    /// <summary>
    /// Tells all that is known of an execution's artifacts. The first time only who holds the job's newest token may; what
    /// was told can be completed at any time, also when another execution has begun. May be repeated.
    /// </summary>
    /// <param name="job">Proof of the execution.</param>
    /// <param name="revision">Counts what is told of the execution, from 1: an older one never replaces a newer one.</param>
    /// <param name="artifacts">At most <see cref="Limits.ArtifactsPerExecution"/> files.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<WriteStatus> KeepAsync(JobHandle job, int revision, ExecutionArtifacts artifacts, CancellationToken cancellationToken);

    /// <summary>
    /// Executions of each of these jobs that left something behind, oldest first, the last <see cref="Limits.ResultsPerJob"/>. The names
    /// of their files are unique in the job: each begins with the attempt.
    /// </summary>
    Task<IReadOnlyList<IReadOnlyList<ExecutionArtifacts>>> ReadAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken);
}
