using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Queue;

/// <summary><c>POST /v1/queue/pause</c> and <c>POST /v1/queue/resume</c>.</summary>
internal static class PauseQueue
{
    public static void Map(IEndpointRouteBuilder queue)
    {
        queue.MapPost("/pause", PauseAsync)
            .WithName("PauseQueue")
            .WithSummary("Stops handing out jobs of a build, of an organisation, or without a body of everything.")
            .WithDescription("Devices finish what they hold, submissions are still accepted. Repeating it changes nothing.")
            .Accepts<PauseScope>("application/json")
            .Refuses(400, 409, 413, 415, 422);
        queue.MapPost("/resume", ResumeAsync)
            .WithName("ResumeQueue")
            .WithSummary("Hands out jobs again: the opposite of a pause with the same body.")
            .Accepts<PauseScope>("application/json")
            .Refuses(400, 413, 415, 422);
    }

    private static async Task<Results<Ok<PauseList>, ProblemResult>> PauseAsync(HttpContext context, IQueueControl control)
    {
        var (scope, problem) = await ReadAsync(context);
        return problem is not null ? problem
            : await control.PauseAsync(scope, context.RequestAborted) is { } paused ? TypedResults.Ok(paused) : ProblemResults.TooMuchPaused();
    }

    private static async Task<Results<Ok<PauseList>, ProblemResult>> ResumeAsync(HttpContext context, IQueueControl control)
    {
        var (scope, problem) = await ReadAsync(context);
        return problem is not null ? problem : TypedResults.Ok(await control.ResumeAsync(scope, context.RequestAborted));
    }

    private static async Task<(PauseScope Scope, ProblemResult? Problem)> ReadAsync(HttpContext context)
    {
        if (JsonBody.IsAbsent(context.Request))
        {
            return (new PauseScope(), null);
        }

        var body = await JsonBody.ReadAsync(context.Request, WireJson.Strict.PauseScope, withHash: false, context.RequestAborted);
        var scope = body.Value ?? new PauseScope();
        return (scope, body.Problem ?? (scope.Validate() is { Count: > 0 } errors ? ProblemResults.InvalidRequest(errors) : null));
    }
}
