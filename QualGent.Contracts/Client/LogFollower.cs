using System.Runtime.CompilerServices;

namespace QualGent.Contracts.Client;

/// <summary>Follows a job's log to its end across restarts of the API and cuts of the network; no line is lost or repeated.</summary>
public sealed class LogFollower(QualGentClient client, TimeProvider time)
{
    /// <inheritdoc cref="RunFollower.Silence"/>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(45);

    /// <inheritdoc cref="RunFollower.OutageLimit"/>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc cref="RunFollower.Lost"/>
    public Action<Exception>? Lost { get; init; }

    /// <inheritdoc cref="RunFollower.Resumed"/>
    public Action? Resumed { get; init; }

    /// <summary>All lines, until there are no more.</summary>
    /// <param name="query">Which lines.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ApiUnreachableException">The API was away for longer than <see cref="OutageLimit"/>.</exception>
    /// <exception cref="ApiProblemException">The API knows no such job, or refuses to show it.</exception>
    public async IAsyncEnumerable<LogChunk> FollowAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        var connection = new Reconnection(time, client.CallTimeout, OutageLimit, Lost, Resumed);
        while (true)
        {
            connection.Begins();
            await using var chunks = client.ReadLogAsync(query, cursor, Silence, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await connection.NextAsync(chunks) is { } next)
            {
                if (next == QualGentClient.LogEnd)
                {
                    yield break;
                }

                cursor = next.Cursor;
                yield return next;
            }

            await connection.PauseAsync(cancellationToken);
        }
    }
}

/// <summary>Which lines of a job's log.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">Only those of this attempt, counted from 1; null for all.</param>
/// <param name="Follow">Whether to go on until the job has ended.</param>
public sealed record LogQuery(string JobId, int? Attempt, bool Follow);
