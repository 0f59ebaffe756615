using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary><c>GET /v1/runs/{id}/events</c>.</summary>
internal static class WatchRun
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapGet("/{id}/events", HandleAsync)
        .WithName("WatchRun")
        .WithSummary("Streams a run's changes as server-sent events until it has ended.")
        .WithDescription("""
            The first event is a snapshot. A job that has its verdict names what that rests on: device, install or warm, attempt, batch and
            events of the batch. Every event has an id: sent back as the header Last-Event-ID (or as ?cursor=) it resumes the
            stream behind it. A cursor too old to resume from is answered with a new snapshot, one behind which nothing can follow with 204.
            """)
        .Produces<RunEvent>(StatusCodes.Status200OK, "text/event-stream")
        .Refuses(404);

    private static async Task<Results<RunEventStream, NoContent, ProblemResult>> HandleAsync(
        string id, string? cursor, HttpContext context, IJobQueue queue, RunFeeds feeds, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        // A browser that reconnects repeats the address with its old cursor and adds the newer one as a header.
        var after = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last, ..] ? last : string.IsNullOrEmpty(cursor) ? null : cursor;
        if (await feeds.ReadAsync(id, after, context.RequestAborted) is not { } events)
        {
            return ProblemResults.NotFound("run", id);
        }

        if (events.Count == 0 && await queue.GetRunAsync(id, context.RequestAborted) is { State: RunState.Ended })
        {
            return TypedResults.NoContent();
        }

        return new RunEventStream(feeds, id, events, after, time, lifetime.ApplicationStopping);
    }
}
