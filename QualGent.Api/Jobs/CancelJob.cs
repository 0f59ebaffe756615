using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary><c>POST /v1/jobs/{id}/cancel</c>.</summary>
internal static class CancelJob
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapPost("/{id}/cancel", HandleAsync)
        .WithName("CancelJob")
        .WithSummary("Cancels a job; repeating it, or cancelling what has ended, changes nothing.")
        .Refuses(400, 404, 413, 415, 422);

    private static async Task<Results<Ok<JobView>, ProblemResult>> HandleAsync(string id, HttpContext context, IJobQueue queue)
    {
        var body = await CancelBody.ReadAsync(context);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        return await queue.CancelJobAsync(id, body.Value?.Reason, context.RequestAborted) is { } job ? TypedResults.Ok(job) : ProblemResults.NotFound("job", id);
    }
}
