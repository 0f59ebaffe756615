using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Api.Jobs;

/// <summary>A job that was accepted this instant, as clients see it: spares the accept path a second question to Redis.</summary>
internal static class NewJob
{
    public static JobView View(RunSubmission run, string runId, string jobId, DateTimeOffset createdAt, string? appDigest) => new()
    {
        Id = jobId,
        RunId = runId,
        OrgId = run.OrgId,
        AppVersionId = run.AppVersionId,
        TestPath = run.Tests[0],
        Target = run.Class.Target,
        Platform = run.Class.Platform,
        Labels = run.Class.Labels.Count == 0 ? null : new SortedDictionary<string, string>(run.Class.Labels.ToDictionary(), StringComparer.Ordinal),
        Project = run.Project,
        Bundle = run.Bundle,
        AppDigest = appDigest,
        Reset = run.Reset,
        Priority = run.Priority,
        Status = JobStatus.Queued,
        AttemptsMax = run.AttemptsMax,
        CreatedAt = createdAt,
        NotBefore = run.NotBefore > createdAt ? run.NotBefore : null,
    };
}
