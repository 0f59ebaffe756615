using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary><c>GET /v1/jobs/{id}</c>.</summary>
internal static class GetJob
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapGet("/{id}", HandleAsync)
        .WithName("GetJob")
        .WithSummary("One job with its verdict and evidence.")
        .Refuses(404);

    private static async Task<Results<Ok<JobView>, ProblemResult>> HandleAsync(string id, IJobQueue queue, CancellationToken cancellationToken) =>
        await queue.GetJobAsync(id, cancellationToken) is { } job ? TypedResults.Ok(job) : ProblemResults.NotFound("job", id);
}
