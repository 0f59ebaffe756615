using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Logs;

/// <summary>
/// Writes a batch's lines in small groups, at most every tenth of a second. What the store does not take is lost, and readers see
/// by its numbers that it is missing.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private static readonly TimeSpan s_group = TimeSpan.FromMilliseconds(100);
    private readonly IJobLog _log;
    private readonly Func<IReadOnlyList<JobLines>> _open;
    private readonly PacedWriter _writer;

    /// <param name="log">Where to.</param>
    /// <param name="open">Jobs that may have lines.</param>
    /// <param name="time">The clock.</param>
    public LogWriter(IJobLog log, Func<IReadOnlyList<JobLines>> open, TimeProvider time)
    {
        (_log, _open) = (log, open);
        _writer = new PacedWriter(WriteOpenAsync, s_group, time);
    }

    /// <summary>There is something to write.</summary>
    public void Notify() => _writer.Notify();

    /// <summary>Gives what is left a second to arrive.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task WriteOpenAsync(CancellationToken cancellationToken)
    {
        foreach (var lines in _open())
        {
            while (lines.Take() is { } piece)
            {
                await _log.AppendAsync(lines.Handle, piece, cancellationToken).WaitAsync(cancellationToken);
                lines.Arrived(piece);
            }
        }
    }
}
