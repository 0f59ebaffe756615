using QualGent.Scheduling.Fleet;
using QualGent.Worker.Batches;
using QualGent.Worker.Providers;

namespace QualGent.Worker.Devices;

/// <summary>One device of this agent: what it is, under which epoch it is held, and what runs on it.</summary>
public sealed class DeviceSlot(DeviceProfile profile, IBatchRunner runner) : IDisposable
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private long _epoch;

    /// <summary>What it is.</summary>
    public DeviceProfile Profile { get; } = profile;

    /// <summary>What runs batches on it.</summary>
    public IBatchRunner Runner { get; } = runner;

    /// <summary>Epoch under which this agent owns it; null while it does not.</summary>
    public long? Epoch
    {
        get => Interlocked.Read(ref _epoch) is > 0 and var epoch ? epoch : null;
        set => Interlocked.Exchange(ref _epoch, value ?? 0);
    }

    /// <summary>The batch that runs on it.</summary>
    public BatchRun? Run { get; set; }

    /// <summary>SHA-256 of the app on it, as far as known.</summary>
    public string? InstalledDigest { get; set; }

    /// <summary>Makes <see cref="WaitForWakeAsync"/> return, now or as soon as it is called.</summary>
    public void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    /// <summary>Waits for a wake-up, but not longer than this.</summary>
    public async Task WaitForWakeAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody called; the caller looks for itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();
}
