using QualGent.Contracts;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>
/// The time the file that runs may take. Playwright limits each test by itself; this limit ends a file whose tests go on
/// regardless, or take too long together.
/// </summary>
internal sealed class FileLimit : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_timerSlack = TimeSpan.FromMilliseconds(100);
    private readonly Action _end;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private TimeSpan _timeout;
    private long _testBegan;
    private long _endsBy = long.MaxValue;
    private volatile bool _isOver;

    /// <param name="end">Ends the file.</param>
    /// <param name="time">The clock.</param>
    public FileLimit(Action end, TimeProvider time)
    {
        (_end, _time) = (end, time);
        _timer = time.CreateTimer(_ => End(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The file that runs has used up its time, and is being ended.</summary>
    public bool IsOver => _isOver;

    /// <summary>A file begins; its limit is its time-out and a little more, so that Playwright's own comes first.</summary>
    public void Start(TimeSpan timeout)
    {
        var limit = timeout + s_grace;
        (_timeout, _isOver) = (timeout, false);
        Interlocked.Exchange(ref _endsBy, _time.GetTimestamp() + (long)((limit - s_timerSlack).TotalSeconds * _time.TimestampFrequency));
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A test of the file begins.</summary>
    public void TestBegins() => _testBegan = _time.GetTimestamp();

    /// <summary>The file has ended.</summary>
    public void Stop()
    {
        Interlocked.Exchange(ref _endsBy, long.MaxValue);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _isOver = false;
    }

    /// <summary>
    /// Why the file was ended: Playwright ends a test at its time-out, so one that goes on regardless has hung; otherwise its
    /// tests took too long together.
    /// </summary>
    public FileVerdict Judge()
    {
        _isOver = false;
        return _time.GetElapsedTime(_testBegan) >= _timeout
            ? FileVerdict.Failed(VerdictCodes.Hang, $"A test went on after its time-out of {_timeout}, so the watchdog ended it.")
            : FileVerdict.Failed(VerdictCodes.Timeout, $"The tests of the file took longer than {_timeout} together, so they were ended.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void End()
    {
        if (_time.GetTimestamp() < Interlocked.Read(ref _endsBy))
        {
            return; // The timer of the file before, under way when that one ended.
        }

        _isOver = true;
        _end();
    }
}
