using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using QualGent.Api.Blobs;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Logs;

/// <summary><c>GET /v1/jobs/{id}/log</c>.</summary>
internal static class ReadLog
{
    private const string EventStream = "text/event-stream";

    public static void MapLogs(this IEndpointRouteBuilder v1) => v1.MapGet("/jobs/{id}/log", HandleAsync)
        .WithTags("Jobs")
        .WithName("ReadLog")
        .WithSummary("What a job's tests printed, as text; with follow=true until the job has ended.")
        .WithDescription("""
            Asked for with 'Accept: text/event-stream' it comes as server-sent events instead: 'lines' with an id each, then 'end'. An id sent
            back as the header Last-Event-ID goes on behind its lines; nothing is lost or repeated. Without attempt, all attempts follow each other.
            While a test runs, the first and the last lines can be read; soon after its end all of them.
            """)
        .Produces<string>(StatusCodes.Status200OK, "text/plain", EventStream)
        .Refuses(404, 422);

    private static async Task<Results<LogStream, ProblemResult>> HandleAsync(
        string id, string? attempt, string? follow, [FromHeader(Name = "Last-Event-ID")] string? cursor,
        HttpContext context, IJobQueue queue, IJobLog log, IJobArtifacts artifacts, IBlobStore store, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        var mistakes = new QueryMistakes();
        mistakes.RefuseUnknown(context.Request.Query, "attempt", "follow");
        var number = mistakes.Number(attempt, "attempt", 1, Limits.AttemptsMax);
        var isFollowed = mistakes.OneOf(follow, "follow", ["true", "false"]) == "true";
        if (mistakes.Errors.Count > 0)
        {
            return ProblemResults.InvalidRequest(mistakes.Errors);
        }

        if (await queue.GetJobAsync(id, context.RequestAborted) is not { } job)
        {
            return ProblemResults.NotFound("job", id);
        }

        var format = context.Request.Headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase) ? LogFormat.Events : LogFormat.Text;
        var whole = await WholeLogs.FindAsync(log, artifacts, store, job, context.RequestAborted);
        return new LogStream(queue, log, whole, job, number, isFollowed, cursor, format, time, lifetime.ApplicationStopping);
    }
}
