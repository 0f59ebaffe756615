namespace QualGent.Contracts;

/// <summary>A test that runs and does not count towards a verdict.</summary>
public sealed record QuarantinedTest
{
    public required string TestPath { get; init; }

    /// <summary>Why; null when nobody said.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset Since { get; init; }
}

/// <summary>The quarantine of an organisation, by path.</summary>
public sealed record QuarantineList(IReadOnlyList<QuarantinedTest> Tests);

/// <summary>Body of <c>PUT /v1/orgs/{org}/quarantine</c>.</summary>
public sealed record QuarantineRequest
{
    /// <summary>The test file as submissions name it; required.</summary>
    public string? TestPath { get; init; }

    /// <summary>Why, e.g. an issue, at most <see cref="Limits.QuarantineReasonLength"/> characters.</summary>
    public string? Reason { get; init; }
}
