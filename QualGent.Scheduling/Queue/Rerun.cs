using QualGent.Scheduling.Jobs;

namespace QualGent.Scheduling.Queue;

/// <summary>What repeating a run or a job would submit.</summary>
public abstract record Rerun
{
    private Rerun()
    {
    }

    /// <summary>A child run with the settings and the pinned build of its parent.</summary>
    /// <param name="Submission">What <see cref="IJobQueue.AcceptAsync"/> takes.</param>
    public sealed record Ready(RunSubmission Submission) : Rerun;

    /// <summary>It has not ended, so nobody knows yet what is to be repeated.</summary>
    public sealed record NotEnded : Rerun;

    /// <summary>Every test that counts passed.</summary>
    public sealed record NothingFailed : Rerun;
}
