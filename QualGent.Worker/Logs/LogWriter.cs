using System.Threading.Channels;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;

namespace QualGent.Worker.Logs;

/// <summary>
/// Writes a batch's lines in small groups: at once after a silence, then at most every tenth of a second. Nobody waits for it;
/// what the store does not take is lost, and readers see by its numbers that it is missing.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private static readonly TimeSpan s_group = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _enough = new();
    private readonly IJobLog _log;
    private readonly Func<IReadOnlyList<JobLines>> _open;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    /// <param name="log">Where to.</param>
    /// <param name="open">Jobs that may have lines.</param>
    /// <param name="time">The clock.</param>
    public LogWriter(IJobLog log, Func<IReadOnlyList<JobLines>> open, TimeProvider time)
    {
        (_log, _open, _time) = (log, open, time);
        _writing = WriteAsync();
    }

    /// <summary>There is something to write.</summary>
    public void Notify() => _news.Writer.TryWrite(true);

    /// <summary>Gives what is left a second to arrive.</summary>
    public async ValueTask DisposeAsync()
    {
        _news.Writer.TryComplete();
        await _writing.WaitAsync(s_lastWords, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _enough.CancelAsync();
        await _writing;
        _enough.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (await _news.Reader.WaitToReadAsync(_enough.Token))
            {
                _news.Reader.TryRead(out _);
                var taken = await WriteOpenAsync();
                await Task.Delay(taken ? s_group : s_rest, _time, _enough.Token);
            }

            await WriteOpenAsync();
        }
        catch (OperationCanceledException) when (_enough.IsCancellationRequested)
        {
            // The batch is over, and the store takes too long.
        }
    }

    // Whether the store took everything it was given.
    private async Task<bool> WriteOpenAsync()
    {
        foreach (var lines in _open())
        {
            while (lines.Take() is { } piece)
            {
                try
                {
                    await _log.AppendAsync(lines.Handle, piece, _enough.Token).WaitAsync(_enough.Token);
                    lines.Arrived(piece);
                }
                catch (Exception e) when (Backoff.IsStoreFault(e))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
