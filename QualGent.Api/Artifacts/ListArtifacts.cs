using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;

namespace QualGent.Api.Artifacts;

/// <summary><c>GET /v1/jobs/{id}/artifacts</c>.</summary>
internal static class ListArtifacts
{
    public static void Map(IEndpointRouteBuilder v1) => v1.MapGet("/jobs/{id}/artifacts", HandleAsync)
        .WithTags("Artifacts")
        .WithName("ListArtifacts")
        .WithSummary("What a job's executions left behind: screenshots, attachments, logs, reports, and what is missing and why.")
        .Refuses(404);

    /// <summary>The artifacts of a job.</summary>
    public static JobArtifacts Of(JobView job, IReadOnlyList<ExecutionArtifacts> executions) => new(
        job.Id,
        job.Status == JobStatus.Running || executions.Any(execution => execution.Pending),
        [.. executions.SelectMany(execution => execution.Files)]);

    private static async Task<Results<Ok<JobArtifacts>, ProblemResult>> HandleAsync(string id, IJobQueue queue, IJobArtifacts artifacts, CancellationToken cancellationToken) =>
        await queue.GetJobAsync(id, cancellationToken) is { } job
            ? TypedResults.Ok(Of(job, (await artifacts.ReadAsync([job.WorkId], cancellationToken))[0]))
            : ProblemResults.NotFound("job", id);
}
