using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Jobs;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary><c>POST /v1/runs/{id}/rerun-failed</c> and <c>POST /v1/jobs/{id}/retry</c>: what has ended stays as it is, and a child run is made.</summary>
internal static class RerunRoutes
{
    public static void MapRerunFailed(IEndpointRouteBuilder runs) => runs.MapPost("/{id}/rerun-failed", RerunAsync)
        .WithName("RerunFailed")
        .WithSummary("Runs every test of an ended run again that did not pass.")
        .WithDescription("Answers 201 with a child run of the same settings, which names its parent and counts the passes it inherits. Takes no body; an Idempotency-Key makes it repeatable.")
        .Refuses(404, 409, 422, 429);

    public static void MapRetry(IEndpointRouteBuilder jobs) => jobs.MapPost("/{id}/retry", RetryAsync)
        .WithName("RetryJob")
        .WithSummary("Runs the test of an ended job again, in a run of its own.")
        .WithDescription("Takes no body; an Idempotency-Key makes it repeatable.")
        .Refuses(404, 409, 422, 429);

    private static async Task<Results<Created<SubmitRunResponse>, Ok<SubmitRunResponse>, ProblemResult>> RerunAsync(string id, HttpContext context, IJobQueue queue) =>
        await AnswerAsync("run", id, await queue.PlanRerunAsync(id, TraceParents.Current(), context.RequestAborted), context, queue);

    private static async Task<Results<Created<SubmitRunResponse>, Ok<SubmitRunResponse>, ProblemResult>> RetryAsync(string id, HttpContext context, IJobQueue queue) =>
        await AnswerAsync("job", id, await queue.PlanRetryAsync(id, TraceParents.Current(), context.RequestAborted), context, queue);

    private static async Task<Results<Created<SubmitRunResponse>, Ok<SubmitRunResponse>, ProblemResult>> AnswerAsync(string kind, string id, Rerun? plan, HttpContext context, IJobQueue queue)
    {
        if (Idempotency.Mistakes(context.Request) is { Count: > 0 } mistakes)
        {
            return ProblemResults.InvalidRequest(mistakes);
        }

        return plan switch
        {
            Rerun.Ready ready => await AcceptRun.AnswerAsync(context, queue, ready.Submission, Idempotency.Key(context.Request, Idempotency.IsAsked(context.Request) ? $"{kind} {id}" : null)),
            Rerun.NotEnded => ProblemResults.NotEnded(kind),
            Rerun.NothingFailed => ProblemResults.NothingToRerun(),
            _ => ProblemResults.NotFound(kind, id),
        };
    }
}
