using System.Runtime.InteropServices;

namespace QualGent.Cli.Runs;

/// <summary>Ctrl-C or SIGTERM as a token, so that what was started can be ended in order. The second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<CancellationTokenSource> _delayed = [];
    private readonly PosixSignalRegistration[] _signals;
    private readonly TimeProvider _time;

    public Interruption(TimeProvider time)
    {
        _time = time;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>A token that is cancelled so much later than the signal.</summary>
    public CancellationToken After(TimeSpan grace)
    {
        var delayed = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        _delayed.Add(delayed);
        _source.Token.Register(() => delayed.CancelAfter(grace));
        return delayed.Token;
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        foreach (var delayed in _delayed)
        {
            delayed.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            ThreadPool.QueueUserWorkItem(_ => _source.Cancel());
        }
    }
}
