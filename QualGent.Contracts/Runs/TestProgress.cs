namespace QualGent.Contracts;

/// <summary>
/// How far a job's file is while it runs. Told on the way and best effort: pieces may be missing, and what counts is the job's result.
/// The counts of each piece are of the whole execution, so one that did not arrive costs nothing but its tests' names.
/// </summary>
public sealed record TestProgress
{
    /// <summary>The running job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its attempt, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Tests of the file.</summary>
    public required int Planned { get; init; }

    /// <summary>Those that have ended in this execution; one that passed on a later try counts as passed.</summary>
    public required TestCounts Ended { get; init; }

    /// <summary>Those that ended since the piece before, without their errors; the newest <see cref="Limits.TestsPerProgress"/> where there were more.</summary>
    public required IReadOnlyList<TestCaseView> Tests { get; init; }
}
