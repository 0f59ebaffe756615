using System.Threading.Channels;
using QualGent.Worker.Agent;

namespace QualGent.Worker.Batches;

/// <summary>
/// Writes what gathers while tests run and can be spared: at once after a silence, then after a pause each time, and after a longer one
/// when the store refused. Nobody waits for it.
/// </summary>
internal sealed class PacedWriter : IAsyncDisposable
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _enough = new();
    private readonly Func<CancellationToken, Task> _write;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    /// <param name="write">Writes all there is; a fault of the store ends it early.</param>
    /// <param name="pause">Shortest time between two writes.</param>
    /// <param name="time">The clock.</param>
    public PacedWriter(Func<CancellationToken, Task> write, TimeSpan pause, TimeProvider time)
    {
        (_write, _pause, _time) = (write, pause, time);
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
                await Task.Delay(await TryWriteAsync() ? _pause : s_rest, _time, _enough.Token);
            }

            await TryWriteAsync();
        }
        catch (OperationCanceledException) when (_enough.IsCancellationRequested)
        {
            // The batch is over, and the store takes too long.
        }
    }

    private async Task<bool> TryWriteAsync()
    {
        try
        {
            await _write(_enough.Token);
            return true;
        }
        catch (Exception e) when (Backoff.IsStoreFault(e))
        {
            return false;
        }
    }
}
