using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary>A run that was accepted this instant, as clients see it: spares the accept path a second question to Redis.</summary>
internal static class NewRun
{
    public static RunView View(RunSubmission run, AcceptResult.Accepted accepted) => new()
    {
        Id = accepted.RunId,
        OrgId = run.OrgId,
        Name = run.Name,
        AppVersionId = run.AppVersionId,
        Bundle = run.Bundle,
        AppDigest = accepted.AppDigest,
        Target = run.Class.Target,
        Priority = run.Priority,
        State = RunState.Open,
        Planned = run.Tests.Count,
        Counts = new RunCounts(Queued: run.Tests.Count, Running: 0, Passed: 0, Failed: 0, Errored: 0, Cancelled: 0, Flaky: 0),
        CreatedAt = accepted.At,
        ParentRunId = run.Origin?.ParentRunId,
        Inherited = run.Origin?.Inherited,
        CiAttempt = run.Origin?.Attempt ?? 1,
        Quarantined = accepted.Quarantined,
    };
}
