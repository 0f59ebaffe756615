using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Compatibility;

/// <summary><c>GET /jobs/status/{id}</c>.</summary>
internal static class GetReferenceJob
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapGet("/status/{id}", HandleAsync)
        .WithName("GetReferenceJob")
        .WithSummary("The Python reference's status call.")
        .Refuses();

    private static async Task<Results<Ok<ReferenceJob>, NotFound<ReferenceNotFound>>> HandleAsync(string id, IJobQueue queue, CancellationToken cancellationToken) =>
        await queue.GetJobAsync(id, cancellationToken) is { } job ? TypedResults.Ok(From(job)) : TypedResults.NotFound(new ReferenceNotFound("Job not found"));

    private static ReferenceJob From(JobView job)
    {
        var status = StatusOf(job);
        return new()
        {
            JobId = job.Id,
            Status = status,
            OrgId = job.OrgId,
            AppVersionId = job.AppVersionId,
            TestPath = job.TestPath,
            Priority = job.Priority,
            Target = job.Target,
            Retries = Math.Max(0, job.Status.IsTerminal() ? job.Attempts - 1 : job.Attempts),
            CreatedAt = Seconds(job.CreatedAt),
            StartedAt = status == "running" && job.StartedAt is { } started ? Seconds(started) : null,
            FailReason = status is "failed" or "retrying" ? job.Message ?? job.Code : null,
        };
    }

    private static string StatusOf(JobView job) => job.Status switch
    {
        JobStatus.Queued => job.Attempts > 0 || job.InfrastructureLosses > 0 ? "retrying" : "queued",
        JobStatus.Running => "running",
        JobStatus.Passed => "done",
        _ => "failed",
    };

    private static double Seconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds() / 1000.0;
}
