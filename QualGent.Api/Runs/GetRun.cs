using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary><c>GET /v1/runs/{id}</c>.</summary>
internal static class GetRun
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapGet("/{id}", HandleAsync)
        .WithName("GetRun")
        .WithSummary("One run with its counts and, once ended, its verdict.")
        .Refuses(404);

    private static async Task<Results<Ok<RunView>, ProblemResult>> HandleAsync(string id, IJobQueue queue, CancellationToken cancellationToken) =>
        await queue.GetRunAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : ProblemResults.NotFound("run", id);
}
