using QualGent.Cli.Runs;
using QualGent.Contracts;

namespace QualGent.Cli.Jobs;

/// <summary>A submission as asked for; <c>Request.Tests</c> still holds patterns.</summary>
internal sealed record Submission
{
    public required SubmitRunRequest Request { get; init; }
    public required string? ProjectDir { get; init; }

    /// <summary>Whether the project's code travels along, if there is a project.</summary>
    public required bool Bundle { get; init; }

    /// <summary>Made once per invocation: sending the request again never submits twice.</summary>
    public required string IdempotencyKey { get; init; }

    public required Patience Patience { get; init; }

    /// <summary>The body of <c>POST /v1/jobs</c>, for one test without a name for its run.</summary>
    public SubmitJobRequest ToSingle() => new()
    {
        TestPath = Request.Tests![0],
        OrgId = Request.OrgId,
        AppVersionId = Request.AppVersionId,
        Priority = Request.Priority,
        Target = Request.Target,
        Platform = Request.Platform,
        Labels = Request.Labels,
        Project = Request.Project,
        Bundle = Request.Bundle,
        Reset = Request.Reset,
        AttemptsMax = Request.AttemptsMax,
        TimeoutSeconds = Request.TimeoutSeconds,
        QueueTimeoutSeconds = Request.QueueTimeoutSeconds,
        RunTimeoutSeconds = Request.RunTimeoutSeconds,
        LeaseSeconds = Request.LeaseSeconds,
        NotBefore = Request.NotBefore,
        Dedup = Request.Dedup,
    };
}
