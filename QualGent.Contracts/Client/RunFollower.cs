using System.Runtime.CompilerServices;

namespace QualGent.Contracts.Client;

/// <summary>
/// Follows a run to its end across restarts of the API and cuts of the network: connects again with a growing pause and
/// goes on behind the last event seen.
/// </summary>
public sealed class RunFollower(QualGentClient client, TimeProvider time)
{
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
        var connection = new Reconnection(time, client.CallTimeout, OutageLimit, Lost, Resumed);
        while (true)
        {
            connection.Begins();
            await using var events = client.ReadRunEventsAsync(runId, cursor, Silence, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await connection.NextAsync(events) is { } next)
            {
                cursor = next.Cursor;
                yield return next;
                if (next.Kind == RunEventKind.RunEnded || next.Run?.State == RunState.Ended)
                {
                    yield break;
                }
            }

            await connection.PauseAsync(cancellationToken);
        }
    }
}
