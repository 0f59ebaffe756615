using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary><c>GET /v1/jobs/{id}/why</c>.</summary>
internal static class WhyJob
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapGet("/{id}/why", HandleAsync)
        .WithName("WhyJob")
        .WithSummary("What a job waits for: what is ahead and why, the devices that could serve it, when it should start and finish.")
        .Refuses(404);

    private static async Task<Results<Ok<JobWait>, ProblemResult>> HandleAsync(string id, IJobQueue queue, CancellationToken cancellationToken) =>
        await queue.WhyAsync(id, cancellationToken) is { } wait ? TypedResults.Ok(wait) : ProblemResults.NotFound("job", id);
}
