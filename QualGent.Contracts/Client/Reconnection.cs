namespace QualGent.Contracts.Client;

/// <summary>When a broken stream is worth another try, and how long to wait for it.</summary>
/// <param name="time">The clock.</param>
/// <param name="callTimeout">A connection that lived longer than this was a working one.</param>
/// <param name="outageLimit">How long the API may be away.</param>
/// <param name="lost">Told once per outage, with its cause.</param>
/// <param name="resumed">Told once per outage, when something comes again.</param>
internal sealed class Reconnection(TimeProvider time, TimeSpan callTimeout, TimeSpan outageLimit, Action<Exception>? lost, Action? resumed)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private long? _lostAt;
    private long _connectedAt;
    private int _failures;

    /// <summary>A connection is about to be opened.</summary>
    public void Begins() => _connectedAt = time.GetTimestamp();

    /// <summary>The next item; null when the connection is gone, or has ended, and another one is worth trying.</summary>
    /// <exception cref="ApiUnreachableException">The API was away for too long.</exception>
    /// <exception cref="ApiProblemException">The API refuses.</exception>
    public async Task<T?> NextAsync<T>(IAsyncEnumerator<T> items)
        where T : class
    {
        try
        {
            if (!await items.MoveNextAsync())
            {
                return null;
            }

            _failures = 0;
            if (_lostAt is not null)
            {
                _lostAt = null;
                resumed?.Invoke();
            }

            return items.Current;
        }
        catch (Exception e) when (e is ApiUnreachableException or ApiProblemException { Problem.Status: >= 500 or 408 or 429 })
        {
            // A quiet stream sends only keep-alive comments: a connection that lived this long was one, so this is another outage.
            if (_lostAt is null || time.GetElapsedTime(_connectedAt) > callTimeout)
            {
                _lostAt = time.GetTimestamp();
                lost?.Invoke(e);
            }
            else if (time.GetElapsedTime(_lostAt.Value) > outageLimit)
            {
                throw e as ApiUnreachableException ?? new ApiUnreachableException(e.Message, e);
            }

            return null;
        }
    }

    /// <summary>Waits before the next connection.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(Pause(_failures++), time, cancellationToken);

    /// <summary>Doubles from a quarter of a second to five seconds, less up to a quarter so that many clients do not return at one instant.</summary>
    internal static TimeSpan Pause(int failures)
    {
        var full = s_firstPause * Math.Pow(2, Math.Min(failures, 10));
        return (full < s_longestPause ? full : s_longestPause) * (1 - (Random.Shared.NextDouble() / 4));
    }
}
