using Microsoft.Extensions.Options;
using QualGent.Scheduling;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Devices;

namespace QualGent.Worker.Agent;

/// <summary>Renews the leases of all devices with one call every third of a lease, and passes on what the answers ask for.</summary>
public sealed partial class LeaseKeeper(IAgentQueue queue, Fleet fleet, StateFolder state, IOptions<SchedulingOptions> scheduling, TimeProvider time, ILogger<LeaseKeeper> logger) : IDisposable
{
    private readonly TimeSpan _period = scheduling.Value.LeaseDuration / 3;
    private readonly SemaphoreSlim _nudge = new(0, 1);

    /// <inheritdoc/>
    public void Dispose() => _nudge.Dispose();

    /// <summary>Makes the next heartbeat happen now: something held was cancelled.</summary>
    public void Nudge()
    {
        lock (_nudge)
        {
            if (_nudge.CurrentCount == 0)
            {
                _nudge.Release();
            }
        }
    }

    /// <summary>Beats until told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await BeatAsync(cancellationToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Backoff.IsStoreFault(e))
            {
                if (++failures == 1)
                {
                    LogBeatFailed(e.Message);
                }
            }

            var pause = failures == 0 ? _period : TimeSpan.FromTicks(Math.Min(_period.Ticks, Backoff.After(failures).Ticks));
            await PauseAsync(pause, cancellationToken);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var beats = new List<DeviceBeat>();
        foreach (var slot in fleet.Devices)
        {
            if (slot.Epoch is { } epoch)
            {
                slot.Run?.AskForRenewal();
                beats.Add(new DeviceBeat(slot.Profile.DeviceId, epoch, slot.Run?.HeldTokens ?? new Dictionary<string, long>(), slot.InstalledDigest));
            }
        }

        if (beats.Count == 0)
        {
            return;
        }

        var sentAt = time.GetTimestamp();
        var replies = await queue.HeartbeatAsync(new Heartbeat(state.AgentId, beats), cancellationToken);
        foreach (var (reply, beat) in replies.Join(beats, reply => reply.DeviceId, beat => beat.DeviceId, (reply, beat) => (reply, beat)))
        {
            Apply(reply, fleet.Find(reply.DeviceId)!, beat, sentAt);
        }
    }

    private void Apply(BeatReply reply, DeviceSlot slot, DeviceBeat beat, long sentAt)
    {
        if (slot.Epoch != beat.Epoch)
        {
            return; // An answer to a former ownership.
        }

        if (reply.Fenced)
        {
            LogFenced(slot.Profile.Serial, beat.Epoch);
            slot.Epoch = null;
            slot.Run?.Stop(Batches.StopReasons.Lease);
            slot.Wake();
            return;
        }

        if (slot.Run is { } run)
        {
            run.Renew(sentAt, reply.LeaseDuration);
            foreach (var jobId in reply.CancelJobIds)
            {
                LogCancelAsked(jobId, slot.Profile.Serial);
                run.Cancel(jobId);
            }

            foreach (var jobId in reply.LostJobIds)
            {
                run.Lose(jobId);
            }

            if (reply.Yield)
            {
                run.Yield();
            }
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            await _nudge.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The period is over, or the agent stops: the loop looks.
        }
    }
}
