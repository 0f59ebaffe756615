using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using QualGent.Api.Hosting;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary>
/// Writes one client's stream. It holds nothing but a cursor: events are read from the queue when a hint says so or a tick
/// passes, so a lost hint costs a delay, and a slow client costs nobody anything.
/// </summary>
internal sealed class RunEventStream(IJobQueue queue, string runId, string? cursor, IReadOnlyList<RunEvent> events, TimeProvider time, CancellationToken stopping) : IResult
{
    /// <summary>Time between two looks without a hint; each writes a comment that keeps proxies from closing the connection.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await StreamAsync(response.BodyWriter, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or this instance stops: the client resumes elsewhere with its cursor.
        }
    }

    private async Task StreamAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        // One slot: any number of hints means "look once more".
        var hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Hint() => hints.Writer.TryWrite(true);

        if (await WriteAsync(output, events, cancellationToken))
        {
            return;
        }

        await using var watch = await queue.WatchRunAsync(runId, Hint, cancellationToken);
        await using var timer = time.CreateTimer(_ => Hint(), null, Tick, Tick);
        while (await queue.ReadRunEventsAsync(runId, cursor, cancellationToken) is { } next)
        {
            if (await WriteAsync(output, next, cancellationToken))
            {
                return;
            }

            if (next.Count == 0)
            {
                await hints.Reader.ReadAsync(cancellationToken);
            }
        }
    }

    /// <returns>Whether the last event there will ever be is written.</returns>
    private async Task<bool> WriteAsync(PipeWriter output, IReadOnlyList<RunEvent> news, CancellationToken cancellationToken)
    {
        if (news.Count == 0)
        {
            Encoding.UTF8.GetBytes(": keep-alive\n\n", output);
        }

        foreach (var happened in news)
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(happened.Kind.ToString());
            Encoding.UTF8.GetBytes($"id: {happened.Cursor}\nevent: {name}\ndata: ", output);
            using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = WireJson.Readable.Options.Encoder }))
            {
                JsonSerializer.Serialize(json, happened, WireJson.Readable.RunEvent);
            }

            Encoding.UTF8.GetBytes("\n\n", output);
            cursor = happened.Cursor;
        }

        await output.FlushAsync(cancellationToken);
        return news.Any(happened => happened.Kind == RunEventKind.RunEnded);
    }
}
