using System.IO.Pipelines;
using System.Threading.Channels;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Logs;

/// <summary>
/// Writes a job's lines to one client, and with <paramref name="follow"/> goes on until the job has ended and its last lines
/// are there. Like a run's events it holds nothing but a cursor.
/// </summary>
internal sealed class LogStream(
    IJobQueue queue, IJobLog log, WholeLogs whole, JobView job, int? attempt, bool follow, string? cursor, LogFormat format, TimeProvider time, CancellationToken stopping) : IResult
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(5);
    // What an agent gives its last lines to arrive; one that died never says that nothing follows.
    private static readonly TimeSpan s_lastLines = TimeSpan.FromSeconds(3);
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string? _cursor = cursor;
    private bool _isComplete;
    private int _closed; // the last attempt that said that nothing follows

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = format.ContentType;
        await using var reading = whole;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await StreamAsync(httpContext.Response.BodyWriter, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or this instance stops: the client resumes elsewhere with its cursor.
        }
    }

    private async Task StreamAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (!follow)
        {
            await WriteNewAsync(output, cancellationToken);
            await EndAsync(output, cancellationToken);
            return;
        }

        await using var lines = await log.WatchAsync(job.WorkId, Hint, cancellationToken);
        await using var news = await queue.WatchRunAsync(job.RunId, Hint, cancellationToken);
        await using var timer = time.CreateTimer(_ => Hint(), null, s_tick, s_tick);
        long? overSince = null;
        while (true)
        {
            // The state before the lines: nothing that was printed before the end is missed.
            var isOver = await IsOverAsync(cancellationToken);
            if (!await WriteNewAsync(output, cancellationToken))
            {
                if (isOver)
                {
                    overSince ??= time.GetTimestamp();
                    timer.Change(s_lastLines / 10, s_lastLines / 10);
                    if (_isComplete || time.GetElapsedTime(overSince.Value) >= s_lastLines)
                    {
                        await EndAsync(output, cancellationToken);
                        return;
                    }
                }

                format.WriteSilence(output);
                await output.FlushAsync(cancellationToken);
                await _hints.Reader.ReadAsync(cancellationToken);
            }
        }
    }

    private void Hint() => _hints.Writer.TryWrite(true);

    /// <returns>Whether there was anything.</returns>
    private async Task<bool> WriteNewAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        var any = false;
        while (await whole.ReadAsync(attempt, _cursor, cancellationToken) is { Count: > 0 } chunks)
        {
            foreach (var chunk in chunks)
            {
                format.WriteChunk(output, chunk);
                (_cursor, _closed, any) = (chunk.Cursor, chunk.IsLast ? chunk.Attempt : 0, true);
            }

            await output.FlushAsync(cancellationToken);
        }

        return any;
    }

    private async Task<bool> IsOverAsync(CancellationToken cancellationToken)
    {
        if (await queue.GetJobAsync(job.Id, cancellationToken) is not { } now)
        {
            return true;
        }

        // A job that ended long ago has no lines on their way.
        _isComplete = _closed >= (attempt ?? Math.Max(1, now.Attempts)) || time.GetUtcNow() - now.FinishedAt > s_lastLines * 10;
        return now.Status.IsTerminal() || now.Attempts >= attempt;
    }

    private async Task EndAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        format.WriteEnd(output);
        await output.FlushAsync(cancellationToken);
    }
}
