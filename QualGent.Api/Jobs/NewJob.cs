using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary>A job that was accepted this instant, as clients see it: spares the accept path a second question to Redis.</summary>
internal static class NewJob
{
    public static JobView View(RunSubmission run, AcceptResult.Accepted accepted) => new()
    {
        Id = accepted.JobIds[0],
        RunId = accepted.RunId,
        OrgId = run.OrgId,
        AppVersionId = run.AppVersionId,
        TestPath = run.Tests[0],
        Target = run.Class.Target,
        Platform = run.Class.Platform,
        Labels = run.Class.Labels.Count == 0 ? null : new SortedDictionary<string, string>(run.Class.Labels.ToDictionary(), StringComparer.Ordinal),
        Project = run.Project,
        Bundle = run.Bundle,
        AppDigest = accepted.AppDigest,
        Reset = run.Reset,
        Priority = run.Priority,
        Status = JobStatus.Queued,
        Quarantined = accepted.Quarantined is not null,
        AttemptsMax = run.AttemptsMax,
        CreatedAt = accepted.At,
        NotBefore = run.NotBefore > accepted.At ? run.NotBefore : null,
    };
}
