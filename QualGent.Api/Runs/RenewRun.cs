using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary><c>POST /v1/runs/{id}/renew</c>.</summary>
internal static class RenewRun
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/{id}/renew", HandleAsync)
        .WithName("RenewRun")
        .WithSummary("Says that the submitter of a run with lease_seconds still waits for it.")
        .WithDescription("Without it in time the run is cancelled. Takes no body; changes nothing of a run that has ended or has no lease.")
        .Refuses(404);

    private static async Task<Results<NoContent, ProblemResult>> HandleAsync(string id, IJobQueue queue, CancellationToken cancellationToken) =>
        await queue.RenewRunAsync(id, cancellationToken) ? TypedResults.NoContent() : ProblemResults.NotFound("run", id);
}
