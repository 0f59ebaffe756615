using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>Whether a run still has work.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RunState>))]
public enum RunState
{
    Open = 0,
    Ended = 1,
}

/// <summary>A run's common verdict: the first that applies in the order failed, errored, incomplete, cancelled, passed.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RunVerdict>))]
public enum RunVerdict
{
    /// <summary>Every planned job passed, but for those in quarantine, which the run names. Nothing less is ever called passed.</summary>
    Passed = 0,
    Failed = 1,
    Errored = 2,

    /// <summary>A planned job has no verdict, or all of them are in quarantine, so that nothing was proved.</summary>
    Incomplete = 3,
    Cancelled = 4,
}

/// <summary>A run as clients see it.</summary>
public sealed record RunView
{
    public required string Id { get; init; }
    public required string OrgId { get; init; }
    public string? Name { get; init; }
    public required string AppVersionId { get; init; }

    /// <summary>Digest of the bundle that the test code comes from; null where it comes from the agent's own test root.</summary>
    public string? Bundle { get; init; }

    /// <summary>Digest of the build that was registered when the run was accepted; null when none was, and the agent's own is used.</summary>
    public string? AppDigest { get; init; }

    /// <summary>One of <see cref="Targets"/>, or <see cref="Targets.Mixed"/> where the cells of a matrix differ.</summary>
    public required string Target { get; init; }

    public required int Priority { get; init; }
    public required RunState State { get; init; }

    /// <summary>Null until the run has ended.</summary>
    public RunVerdict? Verdict { get; init; }

    /// <summary>Jobs of the manifest; the counts below add up to it.</summary>
    public required int Planned { get; init; }

    public required RunCounts Counts { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The run whose tests this one repeats; null for a submission.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>
    /// Tests of the runs before that passed there, with this build and these settings, and were not run again; not among
    /// <see cref="Planned"/>. Null for a submission.
    /// </summary>
    public int? Inherited { get; init; }

    /// <summary>1 for a submission, 2 for its first repetition, and so on.</summary>
    public int CiAttempt { get; init; } = 1;

    /// <summary>
    /// Tests that were in the organisation's quarantine when the run was accepted: they run and are counted above, but do not count
    /// towards the verdict. A run of nothing else ends <see cref="RunVerdict.Incomplete"/>. Null when there are none.
    /// </summary>
    public IReadOnlyList<string>? Quarantined { get; init; }

    /// <summary>The cells of a matrix, where the run is asked for by its id or watched; null for a plain run.</summary>
    public IReadOnlyList<MatrixCellView>? Cells { get; init; }

    /// <summary>The run whose matrix this one is a cell of; null for a run of its own.</summary>
    public string? MatrixRunId { get; init; }

    /// <summary>When the last of it should end, while it is open and asked for by its id; null when nothing can be said.</summary>
    public Expectation? ExpectedEnd { get; init; }
}

/// <summary>Jobs of a run by state. <c>flaky</c> is a part of <c>passed</c>.</summary>
public sealed record RunCounts(int Queued, int Running, int Passed, int Failed, int Errored, int Cancelled, int Flaky);

/// <summary>One page of runs.</summary>
public sealed record RunPage(IReadOnlyList<RunView> Runs, string? NextCursor);

/// <summary>Answer to <c>POST /v1/runs</c>.</summary>
/// <param name="Run">The run as accepted.</param>
/// <param name="JobIds">One id per test, in the order asked.</param>
/// <param name="Warnings">What the submitter should know.</param>
/// <param name="Attached">Those of the jobs that were attached to jobs under way instead of queued; null when none was.</param>
public sealed record SubmitRunResponse(RunView Run, IReadOnlyList<string> JobIds, IReadOnlyList<string> Warnings, IReadOnlyList<AttachedJob>? Attached = null);
