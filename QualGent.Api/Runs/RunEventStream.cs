using System.IO.Pipelines;

namespace QualGent.Api.Runs;

/// <summary>
/// Writes one client's stream. It holds nothing but a cursor: a slow client takes no memory and no reads of its own, because where the run's
/// feed does not keep what comes next, it goes on with a snapshot that all such clients share. A large event goes out in slices, so that the server's buffers stay small too, and the
/// server closes the connection of who takes none.
/// </summary>
internal sealed class RunEventStream(RunFeeds feeds, string runId, IReadOnlyList<SentEvent> first, string? cursor, TimeProvider time, CancellationToken stopping) : IResult
{
    private const int SliceBytes = 16 * 1024;
    private static readonly byte[] s_keepAlive = ": keep-alive\n\n"u8.ToArray();
    private IReadOnlyList<SentEvent> _first = first;

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
        var at = new Position(_first.Count > 0 ? _first[^1].Cursor : EventCursor.Parse(cursor!));
        if (_first.Count == 0)
        {
            await output.WriteAsync(s_keepAlive, cancellationToken); // the answer has begun, whenever its first event comes
        }
        else if (await WriteAsync(output, _first, at, cancellationToken))
        {
            return;
        }

        _first = []; // a snapshot may be large
        var feed = feeds.Join(runId, at.Cursor);
        try
        {
            await FollowAsync(feed, output, at, cancellationToken);
        }
        finally
        {
            feeds.Leave(runId, feed);
        }
    }

    private async Task FollowAsync(RunFeed feed, PipeWriter output, Position at, CancellationToken cancellationToken)
    {
        var caughtUp = false;
        while (true)
        {
            var next = feed.After(at.Cursor);
            caughtUp |= next is not null;
            if (next is not { } known)
            {
                // Who resumes reads what it missed before this feed began; who fell behind it takes a snapshot. Neither: the run has been removed.
                var missed = caughtUp ? await feeds.SnapshotAsync(runId, feed.Begin, cancellationToken) : await feeds.ReadAsync(runId, at.Cursor.ToString(), cancellationToken);
                if (missed is not { Count: > 0 } || await WriteAsync(output, missed, at, cancellationToken))
                {
                    return;
                }
            }
            else if (known.Events.Count == 0)
            {
                await WaitAsync(known.News, output, cancellationToken);
            }
            else if (await WriteAsync(output, known.Events, at, cancellationToken))
            {
                return;
            }
        }
    }

    // In a quiet run a comment now and then keeps proxies from closing the connection, and shows when a client has gone.
    private async Task WaitAsync(Task news, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await news.WaitAsync(RunFeed.Tick, time, cancellationToken);
        }
        catch (TimeoutException) when (!news.IsCompleted)
        {
            await output.WriteAsync(s_keepAlive, cancellationToken);
        }
    }

    /// <returns>Whether the last event there will ever be is written.</returns>
    private static async Task<bool> WriteAsync(PipeWriter output, IEnumerable<SentEvent> events, Position at, CancellationToken cancellationToken)
    {
        foreach (var happened in events)
        {
            for (var from = 0; from < happened.Bytes.Length; from += SliceBytes)
            {
                await output.WriteAsync(happened.Bytes[from..Math.Min(from + SliceBytes, happened.Bytes.Length)], cancellationToken);
            }

            at.Cursor = happened.Cursor;
            if (happened.IsLast)
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Position(EventCursor cursor)
    {
        public EventCursor Cursor { get; set; } = cursor;
    }
}
