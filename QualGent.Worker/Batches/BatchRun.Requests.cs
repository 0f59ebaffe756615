namespace QualGent.Worker.Batches;

/// <summary>What the queue, the lease and people ask of a batch.</summary>
public sealed partial class BatchRun
{
    private volatile bool _asked;

    /// <summary>The lease now ends this long after that timestamp.</summary>
    public void Renew(long sentAt, TimeSpan leaseDuration)
    {
        var margin = leaseDuration / 4 < s_marginMax ? leaseDuration / 4 : s_marginMax;
        EndBefore = sentAt + (long)((leaseDuration - margin).TotalSeconds * _time.TimestampFrequency);
        var left = _time.GetElapsedTime(_time.GetTimestamp(), EndBefore);
        _asked = false;
        _leaseEnd.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Renewed?.Invoke(EndBefore);
    }

    /// <summary>A renewal is on its way. When the lease ends without its answer, it is the store that was away.</summary>
    public void AskForRenewal() => _asked = true;

    /// <summary>The lease is as good as over and nobody has taken the device yet: the batch fences itself.</summary>
    public void EndLease() => Stop(_asked ? StopReasons.Outage : StopReasons.Lease);

    /// <summary>Asks for the end at the next file boundary.</summary>
    public void Yield() => _yield.Cancel();

    /// <summary>Asks for the end now; the first reason stands.</summary>
    public void Stop(string reason)
    {
        lock (_stop)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            StopReason = reason;
        }

        _stop.Cancel();
    }

    /// <summary>
    /// Somebody cancelled a job. One that runs, or waits where nothing has begun, ends the batch now; one that waits behind
    /// a running file ends it after that file, which then keeps its verdict.
    /// </summary>
    public void Cancel(string jobId)
    {
        if (!_held.TryGetValue(jobId, out var job) || job.State == HeldState.Answered)
        {
            return;
        }

        if (job.State == HeldState.Begun || !_held.Values.Any(held => held.State == HeldState.Begun))
        {
            Stop(StopReasons.Cancelled);
        }
        else
        {
            Yield();
        }
    }

    /// <summary>The queue says that this job is not held: whoever holds it now reports. One that has been answered is merely late news.</summary>
    public void Lose(string jobId)
    {
        if (_held.TryGetValue(jobId, out var held) && held.State != HeldState.Answered)
        {
            Stop(StopReasons.Lease);
        }
    }
}
