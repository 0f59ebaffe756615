namespace QualGent.Worker.Batches;

/// <summary>
/// Ends a supervisor that hangs: leases are renewed for as long as a batch runs, so nobody else would notice. Whatever it
/// says gives it time for the next word; once it was told to end something, only the end itself does.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private bool _ending;
    private bool _last;

    /// <summary>Watches from now on.</summary>
    /// <param name="bite">Ends the supervisor.</param>
    /// <param name="first">Time until its first word.</param>
    /// <param name="time">The clock.</param>
    public Watchdog(Action bite, TimeSpan first, TimeProvider time) => _timer = time.CreateTimer(_ => bite(), null, first, Timeout.InfiniteTimeSpan);

    /// <summary>It said something that is not the end of a round.</summary>
    public void Heard(TimeSpan next)
    {
        lock (_gate)
        {
            if (!_ending && !_last)
            {
                _timer.Change(next, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>It ended a round, as it may have been told to.</summary>
    public void HeardRoundEnd(TimeSpan next)
    {
        lock (_gate)
        {
            _ending = false;
        }

        Heard(next);
    }

    /// <summary>It was told to end the round, and gets this long.</summary>
    public void ExpectRoundEnd(TimeSpan within)
    {
        lock (_gate)
        {
            if (!_last)
            {
                _ending = true;
                _timer.Change(within, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>It was told to end altogether, and gets this long.</summary>
    public void ExpectEnd(TimeSpan within)
    {
        lock (_gate)
        {
            _last = true;
            _timer.Change(within, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
