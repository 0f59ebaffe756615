using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Jobs;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary><c>POST /v1/runs/{id}/cancel</c>.</summary>
internal static class CancelRun
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/{id}/cancel", HandleAsync)
        .WithName("CancelRun")
        .WithSummary("Cancels what has not ended of a run; repeating it changes nothing.")
        .Refuses(400, 404, 413, 415, 422);

    private static async Task<Results<Ok<RunView>, ProblemResult>> HandleAsync(string id, HttpContext context, IJobQueue queue)
    {
        var body = await CancelBody.ReadAsync(context);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        return await queue.CancelRunAsync(id, body.Value?.Reason, context.RequestAborted) is { } run ? TypedResults.Ok(run) : ProblemResults.NotFound("run", id);
    }
}
