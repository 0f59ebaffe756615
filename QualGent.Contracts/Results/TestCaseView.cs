using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>One test inside a file.</summary>
public sealed record TestCaseView
{
    /// <summary>Titles of its groups and its own, joined by <c> › </c>.</summary>
    public required string Title { get; init; }

    public required TestCaseStatus Status { get; init; }

    /// <summary>Line of the file.</summary>
    public int? Line { get; init; }

    /// <summary>Run time in milliseconds, of the last try.</summary>
    public long DurationMs { get; init; }

    /// <summary>Tries after the first one within this execution, where the file itself asks for them.</summary>
    public int Retries { get; init; }

    /// <summary>Why it did not pass; null when it did.</summary>
    public IReadOnlyList<TestErrorView>? Errors { get; init; }
}

/// <summary>How a test ended.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<TestCaseStatus>))]
public enum TestCaseStatus
{
    Passed = 0,
    Failed = 1,
    TimedOut = 2,
    Skipped = 3,

    /// <summary>It had begun when the execution ended.</summary>
    Interrupted = 4,

    /// <summary>Passed on a later try within this execution.</summary>
    Flaky = 5,
}

/// <summary>An error of a test, shortened where it is long.</summary>
/// <param name="Message">What went wrong.</param>
/// <param name="Stack">Where, as far as known.</param>
/// <param name="File">Place in the project.</param>
/// <param name="Line">Line of it.</param>
public sealed record TestErrorView(string Message, string? Stack = null, string? File = null, int? Line = null);
