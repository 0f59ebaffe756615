namespace QualGent.Contracts;

/// <summary>Body of <c>POST /v1/runs</c>: up to <see cref="Limits.TestsPerRun"/> test files with shared settings; all are accepted or none.</summary>
public sealed record SubmitRunRequest : SubmitSettings
{
    /// <summary>Display name, e.g. a commit or a CI job.</summary>
    public string? Name { get; init; }

    /// <summary>Cancels what has not ended as soon as one test has failed or errored for good; default false.</summary>
    public bool? FailFast { get; init; }

    /// <summary>
    /// Kinds of devices, at most <see cref="Limits.MatrixCells"/>: every test runs once in each cell. Tests times cells are at most
    /// <see cref="Limits.TestsPerRun"/>. Default: one kind, as <c>target</c>, <c>platform</c> and <c>labels</c> say.
    /// </summary>
    public IReadOnlyList<MatrixCell?>? Matrix { get; init; }

    /// <summary>Test files, relative to the project folder; at least one, none twice.</summary>
    public IReadOnlyList<string?>? Tests { get; init; }
}
