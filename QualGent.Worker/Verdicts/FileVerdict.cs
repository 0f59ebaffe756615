using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Verdicts;

/// <summary>What became of one file in one batch.</summary>
/// <param name="Outcome">What it costs and whether another attempt follows.</param>
/// <param name="Code">One of <see cref="VerdictCodes"/>; null when passed.</param>
/// <param name="Message">What to read first.</param>
public sealed record FileVerdict(JobOutcome Outcome, string? Code = null, string? Message = null)
{
    /// <summary>Run time of the file.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Its test cases.</summary>
    public TestCounts? Tests { get; init; }

    /// <summary>Whether the app was installed for it.</summary>
    public bool Installed { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan? InstallTime { get; init; }

    /// <summary>Its test cases one by one, as far as they got.</summary>
    public IReadOnlyList<TestCaseView> Cases { get; init; } = [];

    /// <inheritdoc cref="AttemptView.Events"/>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <inheritdoc cref="JobReport.Charge"/>
    public LossCharge Charge { get; init; }

    /// <summary>A failure that is the test's.</summary>
    public static FileVerdict Failed(string code, string message) => new(JobOutcome.Failed, code, message);
}
