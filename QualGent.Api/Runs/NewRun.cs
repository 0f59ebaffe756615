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
        Planned = run.Planned,
        Counts = Queued(run),
        CreatedAt = accepted.At,
        ParentRunId = run.Origin?.ParentRunId,
        Inherited = run.Origin?.Inherited,
        CiAttempt = run.Origin?.Attempt ?? 1,
        Quarantined = accepted.Quarantined,
        Cells = run.Cells.Count == 0 ? null : [.. run.Cells.Select((cell, index) => View(cell, Ids.Cell(accepted.RunId, index)))],
    };

    private static MatrixCellView View(RunSubmission cell, string runId) =>
        new(runId, cell.Class.Target, cell.Class.Platform, cell.Class.Labels.Count == 0 ? null : cell.Class.Labels, Verdict: null, cell.Planned, Queued(cell));

    private static RunCounts Queued(RunSubmission run) => new(Queued: run.Planned, Running: 0, Passed: 0, Failed: 0, Errored: 0, Cancelled: 0, Flaky: 0);
}
