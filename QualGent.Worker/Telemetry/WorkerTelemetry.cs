using System.Diagnostics;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Telemetry;

/// <summary>The agent's part of a trace: one activity per batch, linked to every submission it serves, and one per file in the submission's own trace.</summary>
public static class WorkerTelemetry
{
    private static readonly ActivitySource s_source = new("QualGent.Worker");

    /// <summary>A batch begins.</summary>
    public static Activity? StartBatch(Batch batch, DeviceProfile device)
    {
        var links = batch.Jobs.Select(job => job.TraceParent).Distinct().Where(parent => ActivityContext.TryParse(parent, null, out _)).Select(parent => new ActivityLink(ActivityContext.Parse(parent!, null)));
        var activity = s_source.CreateActivity("qualgent.batch", ActivityKind.Consumer, default(ActivityContext), links: links);
        return activity?.SetTag("qualgent.provider", device.Provider).SetTag("qualgent.batch", batch.BatchId).SetTag("qualgent.jobs", batch.Jobs.Count).Start();
    }

    /// <summary>A file begins.</summary>
    public static Activity? StartFile(ClaimedJob job, Activity? batch)
    {
        var parent = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var remote) ? remote : batch?.Context ?? default;
        var links = batch is null ? null : new[] { new ActivityLink(batch.Context) };
        return s_source.StartActivity("qualgent.file", ActivityKind.Consumer, parent, [new("qualgent.job", job.JobId), new("qualgent.attempt", job.Attempt)], links);
    }

    /// <summary>A file has a verdict.</summary>
    public static void EndFile(Activity? activity, FileVerdict verdict)
    {
        activity?.SetTag("qualgent.outcome", verdict.Outcome.ToString()).SetTag("qualgent.code", verdict.Code);
        activity?.SetStatus(verdict.Outcome == JobOutcome.Passed ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        activity?.Dispose();
    }
}
