using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Scheduling.Redis;

// Repeating what has ended: a plan from stored settings, which is then accepted like any other submission.
internal sealed partial class RedisJobQueue
{
    /// <inheritdoc/>
    public async Task<Rerun?> PlanRerunAsync(string runId, string? traceParent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await reader.RunHashAsync(runId) is not { } run)
        {
            return null;
        }

        if (!run.Has("verdict"))
        {
            return new Rerun.NotEnded();
        }

        var cells = await reader.CellsAsync(runId);
        if (cells.Count == 0)
        {
            var tests = await NotPassedAsync(runId, run);
            return tests.Count == 0 ? new Rerun.NothingFailed() : new Rerun.Ready(Repeat(runId, run, tests, run.Count("passed"), traceParent));
        }

        var again = new List<RunSubmission>();
        foreach (var cell in cells)
        {
            if (await reader.RunHashAsync(cell) is { } hash && await NotPassedAsync(cell, hash) is { Count: > 0 } tests)
            {
                again.Add(Repeat(cell, hash, tests, passed: null, traceParent));
            }
        }

        return again.Count == 0 ? new Rerun.NothingFailed() : new Rerun.Ready(RepeatMatrix(runId, run, again, traceParent));
    }

    /// <inheritdoc/>
    public async Task<Rerun?> PlanRetryAsync(string jobId, string? traceParent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await reader.JobAsync(jobId) is not { } job || await reader.RunHashAsync(job.RunId) is not { } run)
        {
            return null;
        }

        // One test says nothing about the others of its run, so it inherits none of their passes.
        return job.Status.IsTerminal() ? new Rerun.Ready(Repeat(job.RunId, run, [job.TestPath], passed: null, traceParent)) : new Rerun.NotEnded();
    }

    private async Task<IReadOnlyList<string>> NotPassedAsync(string runId, RedisHash run) =>
        [.. (await reader.JobsAsync(runId, run)).Where(job => job is { Status: not JobStatus.Passed, Quarantined: false }).Select(job => job.TestPath)];

    // What the cells have in common is any one's; what belongs to the whole is stored there.
    private static RunSubmission RepeatMatrix(string runId, RedisHash run, List<RunSubmission> cells, string? traceParent) => (cells[0] with
    {
        RunTimeout = Limit(run),
        FailFast = run.Has("fail_fast"),
        TraceParent = traceParent,
        Origin = Child(runId, run, run.Count("passed")),
    }).Of(cells);

    private static RunSubmission Repeat(string runId, RedisHash run, IReadOnlyList<string> tests, int? passed, string? traceParent)
    {
        return new RunSubmission
        {
            OrgId = run.Required("org"),
            AppVersionId = run.Required("app"),
            Name = run.Text("name"),
            Priority = run.Count("priority"),
            Class = RequirementClass.Parse(run.Required("class")),
            Project = run.Text("project"),
            Reset = run.Required("reset"),
            Bundle = run.Text("bundle"),
            AppDigest = run.Text("app_digest"),
            AttemptsMax = run.Count("attempts_max"),
            Timeout = TimeSpan.FromMilliseconds(run.Count("timeout_ms")),
            QueueTimeout = TimeSpan.FromMilliseconds(run.Number("queue_timeout_ms")!.Value),
            // Who repeats it may not wait as its submitter did, so it has no lease.
            RunTimeout = Limit(run),
            FailFast = run.Has("fail_fast"),
            Dedup = run.Has("dedup"),
            Tests = tests,
            TraceParent = traceParent,
            Origin = Child(runId, run, passed),
        };
    }

    private static RunOrigin Child(string runId, RedisHash run, int? passed)
    {
        var origin = RunOrigin.Parse(run.Text("origin"));
        return new RunOrigin(runId, passed is { } own ? own + (origin?.Inherited ?? 0) : 0, (origin?.Attempt ?? 1) + 1);
    }

    private static TimeSpan? Limit(RedisHash run) =>
        run.Number("limit_ms") is { } limit ? TimeSpan.FromMilliseconds(limit - (run.Number("due_ms") ?? run.Number("created_ms")!.Value)) : null;
}
