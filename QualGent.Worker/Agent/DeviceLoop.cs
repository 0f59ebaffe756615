using Microsoft.Extensions.Options;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Artifacts;
using QualGent.Worker.Batches;
using QualGent.Worker.Devices;
using QualGent.Worker.Journal;
using QualGent.Worker.Logs;
using QualGent.Worker.Processes;

namespace QualGent.Worker.Agent;

/// <summary>The life of one device: register, claim, run, report, claim again; idle between hints and probes.</summary>
public sealed partial class DeviceLoop(IAgentQueue queue, Registrar registrar, ReportSender sender, IJobLog log, SecretMask mask, ArtifactDesk artifacts, LeftoverSweep sweep, StateFolder state, IOptions<WorkerOptions> options, TimeProvider time, ILogger<DeviceLoop> logger)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);
    private readonly WorkerOptions _options = options.Value;

    /// <summary>Runs until the agent stops; the batch that runs then gets a short time to reach a file boundary.</summary>
    /// <param name="slot">The device.</param>
    /// <param name="abandon">Ends even the delivery of reports; the journal keeps them.</param>
    /// <param name="stopping">The agent stops.</param>
    public async Task RunAsync(DeviceSlot slot, CancellationToken abandon, CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (slot.Epoch is null && !await registrar.RegisterAgainAsync(slot, stopping))
                {
                    await slot.WaitForWakeAsync(Backoff.Between(_options.ProbeMin, _options.ProbeMax), time, stopping);
                    continue;
                }

                await ClaimAndRunAsync(slot, abandon, stopping);
                failures = 0;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (Backoff.IsStoreFault(e))
            {
                if (++failures == 1)
                {
                    LogStoreFault(slot.Profile.Serial, e.Message);
                }

                await Task.Delay(Backoff.After(failures), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ClaimAndRunAsync(DeviceSlot slot, CancellationToken abandon, CancellationToken stopping)
    {
        if (slot.Epoch is not { } epoch)
        {
            return;
        }

        var sentAt = time.GetTimestamp();
        switch (await queue.ClaimAsync(slot.Profile.DeviceId, epoch, stopping))
        {
            case ClaimResult.Claimed(var batch):
                var logs = new BatchLogs(log, mask, state.Batch(batch.BatchId), time);
                if (!await RunAsync(new BatchRun(batch, slot, epoch, sentAt, sender, queue, logs, artifacts.Open(batch), time, abandon), stopping))
                {
                    await Task.Delay(s_rest, time, stopping); // What is wrong with this host would spoil the next batch at once.
                }

                break;
            case ClaimResult.Empty:
                await slot.WaitForWakeAsync(Backoff.Between(_options.ProbeMin, _options.ProbeMax), time, stopping);
                break;
            case ClaimResult.Fenced:
                LogFenced(slot.Profile.Serial, epoch);
                slot.Epoch = null;
                break;
        }
    }

    private async Task<bool> RunAsync(BatchRun run, CancellationToken stopping)
    {
        var sound = true;
        var (slot, batch) = (run.Slot, run.Batch);
        LogBatch(batch.BatchId, batch.Jobs.Count, batch.OrgId, batch.AppVersionId, slot.Profile.Serial);
        slot.Run = run;
        var hurry = time.CreateTimer(_ => run.Stop(StopReasons.AgentStops), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            await using (stopping.Register(() =>
            {
                run.Yield();
                hurry.Change(_options.StopGrace, Timeout.InfiniteTimeSpan);
            }))
            {
                await slot.Runner.RunAsync(run);
            }
        }
        catch (Exception e) when (!Backoff.IsStoreFault(e))
        {
            // Nobody was judged by this fault: what had begun counts a loss, the rest goes back.
            LogRunnerFault(e, batch.BatchId, slot.Profile.Serial);
            sound = false;
        }
        finally
        {
            await hurry.DisposeAsync();
            await run.CompleteAsync();
            slot.Run = null;
            sweep.CloseFolder(batch.BatchId); // only now: what the batch left behind was taken from there
            await run.DisposeAsync();
        }

        return sound && !run.HostFailed;
    }
}
