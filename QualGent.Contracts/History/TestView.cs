namespace QualGent.Contracts;

/// <summary>What is known of a test of an organisation, whatever the app version: rates and times are of its last executions.</summary>
public sealed record TestView
{
    public required string TestPath { get; init; }

    /// <summary>Jobs of it that ended passed, failed or errored, since its history began.</summary>
    public required long Runs { get; init; }

    /// <summary>Executions that the rates and times below are taken from, at most <see cref="Limits.HistoryExecutions"/>.</summary>
    public required int Executions { get; init; }

    /// <summary>Share of these jobs that passed, on whichever attempt; null when none has ended.</summary>
    public double? PassRate { get; init; }

    /// <summary>Share of these jobs that passed only after they had failed; null when none has ended.</summary>
    public double? FlakeRate { get; init; }

    /// <summary>Median run time in milliseconds, of the executions that passed, or of all when none did.</summary>
    public required long DurationP50Ms { get; init; }

    /// <summary>What nine of ten of them took at most.</summary>
    public required long DurationP90Ms { get; init; }

    public required DateTimeOffset LastRunAt { get; init; }

    /// <summary>Whether it counts for nothing in runs that are submitted now.</summary>
    public bool Quarantined { get; init; }

    /// <summary>The last executions that did not pass, newest first, at most <see cref="Limits.HistoryFailures"/>.</summary>
    public required IReadOnlyList<TestFailureView> LastFailures { get; init; }
}

/// <summary>An execution that did not pass.</summary>
/// <param name="JobId">Its job; after the retention time nothing else of it is left.</param>
/// <param name="Code">One of <see cref="VerdictCodes"/>; null when none was reported.</param>
/// <param name="At">When it ended.</param>
public sealed record TestFailureView(string JobId, string? Code, DateTimeOffset At);

/// <summary>One page of tests, by path. <c>next_cursor</c> is null on the last page.</summary>
public sealed record TestPage(IReadOnlyList<TestView> Tests, string? NextCursor);
