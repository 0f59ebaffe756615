using System.Runtime.CompilerServices;

namespace QualGent.Contracts.Client;

/// <summary>
/// Follows a run to its end across restarts of the API and cuts of the network: connects again with a growing pause and
/// goes on behind the last event seen.
/// </summary>
public sealed class RunFollower(QualGentClient client, TimeProvider time)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    /// <summary>Longest silence on a connection, keep-alive comments included.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the API may be away before following gives up.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told once per outage, with its cause.</summary>
    public Action<Exception>? Lost { get; init; }

    /// <summary>Told once per outage, when events flow again.</summary>
    public Action? Resumed { get; init; }

    /// <summary>Every event up to and including the one that says the run has ended.</summary>
    /// <exception cref="ApiUnreachableException">The API was away for longer than <see cref="OutageLimit"/>.</exception>
    /// <exception cref="ApiProblemException">The API knows no such run, or refuses to show it.</exception>
    public async IAsyncEnumerable<RunEvent> FollowAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        long? lostAt = null;
        long connectedAt;
        var failures = 0;
        while (true)
        {
            connectedAt = time.GetTimestamp();
            await using var events = client.ReadRunEventsAsync(runId, cursor, Silence, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(events) is { } next)
            {
                failures = 0;
                if (lostAt is not null)
                {
                    lostAt = null;
                    Resumed?.Invoke();
                }

                cursor = next.Cursor;
                yield return next;
                if (next.Kind == RunEventKind.RunEnded || next.Run?.State == RunState.Ended)
                {
                    yield break;
                }
            }

            await Task.Delay(Pause(failures++), time, cancellationToken);
        }

        // The next event; null when the connection is gone and another one is worth trying.
        async Task<RunEvent?> MoveNextAsync(IAsyncEnumerator<RunEvent> events)
        {
            try
            {
                return await events.MoveNextAsync() ? events.Current : null;
            }
            catch (Exception e) when (e is ApiUnreachableException or ApiProblemException { Problem.Status: >= 500 or 408 or 429 })
            {
                // A quiet run sends only keep-alive comments: a connection that lived this long was one, so this is another outage.
                if (lostAt is null || time.GetElapsedTime(connectedAt) > client.CallTimeout)
                {
                    lostAt = time.GetTimestamp();
                    Lost?.Invoke(e);
                }
                else if (time.GetElapsedTime(lostAt.Value) > OutageLimit)
                {
                    throw e as ApiUnreachableException ?? new ApiUnreachableException(e.Message, e);
                }

                return null;
            }
        }
    }

    /// <summary>Doubles from a quarter of a second to five seconds, less up to a quarter so that many clients do not return at one instant.</summary>
    internal static TimeSpan Pause(int failures)
    {
        var full = s_firstPause * Math.Pow(2, Math.Min(failures, 10));
        return (full < s_longestPause ? full : s_longestPause) * (1 - (Random.Shared.NextDouble() / 4));
    }
}
