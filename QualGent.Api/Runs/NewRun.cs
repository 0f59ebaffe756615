using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Api.Runs;

/// <summary>A run that was accepted this instant, as clients see it: spares the accept path a second question to Redis.</summary>
internal static class NewRun
{
    public static RunView View(RunSubmission run, string runId, DateTimeOffset createdAt, string? appDigest) => new()
    {
        Id = runId,
        OrgId = run.OrgId,
        Name = run.Name,
        AppVersionId = run.AppVersionId,
        Bundle = run.Bundle,
        AppDigest = appDigest,
        Target = run.Class.Target,
        Priority = run.Priority,
        State = RunState.Open,
        Planned = run.Tests.Count,
        Counts = new RunCounts(Queued: run.Tests.Count, Running: 0, Passed: 0, Failed: 0, Errored: 0, Cancelled: 0, Flaky: 0),
        CreatedAt = createdAt,
        ParentRunId = run.Origin?.ParentRunId,
        Inherited = run.Origin?.Inherited,
        CiAttempt = run.Origin?.Attempt ?? 1,
    };
}
