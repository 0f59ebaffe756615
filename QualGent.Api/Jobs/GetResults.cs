using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary><c>GET /v1/jobs/{id}/results</c>.</summary>
internal static class GetResults
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapGet("/{id}/results", HandleAsync)
        .WithName("GetResults")
        .WithSummary("A job's executions, each with its device, its phases and its test cases.")
        .Refuses(404);

    private static async Task<Results<Ok<JobResults>, ProblemResult>> HandleAsync(string id, IJobQueue queue, IJobResults results, CancellationToken cancellationToken) =>
        await queue.GetJobAsync(id, cancellationToken) is { } job
            ? TypedResults.Ok(new JobResults(id, (await results.ReadAsync([job], cancellationToken))[0]))
            : ProblemResults.NotFound("job", id);
}
