using System.Threading.Channels;
using QualGent.Worker.Agent;

namespace QualGent.Worker.Batches;

/// <summary>What a batch writes to the queue: one after the other, in the order it was asked for, without holding up who asks.</summary>
internal sealed class WritesInOrder
{
    private readonly Channel<Func<Task>> _writes = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Action _onRefused;
    private readonly CancellationToken _abandon;
    private readonly Task _writer;

    /// <param name="onRefused">Called when the store refused a write for good; the next one may fare better.</param>
    /// <param name="abandon">Ends it with writes undone.</param>
    public WritesInOrder(Action onRefused, CancellationToken abandon)
    {
        (_onRefused, _abandon) = (onRefused, abandon);
        _writer = WriteAllAsync();
    }

    /// <summary>Writes in its turn.</summary>
    public void Enqueue(Func<Task> write) => _writes.Writer.TryWrite(write);

    /// <summary>Takes no more, and returns when everything is written.</summary>
    public Task CompleteAsync()
    {
        _writes.Writer.TryComplete();
        return _writer;
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var write in _writes.Reader.ReadAllAsync(_abandon))
            {
                await WriteAsync(write);
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // The agent stops while the store is away: the journal delivers in its next life.
        }
    }

    private async Task WriteAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception e) when (Backoff.IsStoreFault(e))
        {
            _onRefused(); // The sender has said so and keeps the report.
        }
    }
}
