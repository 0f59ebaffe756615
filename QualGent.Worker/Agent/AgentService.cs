using Microsoft.Extensions.Options;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Artifacts;
using QualGent.Worker.Devices;
using QualGent.Worker.Journal;
using QualGent.Worker.Processes;

namespace QualGent.Worker.Agent;

/// <summary>
/// The agent from start to stop. The order matters: what a former life left running ends first, what it had to say is
/// delivered under its own tokens second, and only then are devices offered.
/// </summary>
public sealed partial class AgentService(
    IAgentQueue queue, Fleet fleet, StateFolder state, LeftoverSweep sweep, ArtifactDesk artifacts, ArtifactSender artifactSender, ReportSender sender, Registrar registrar, DeviceLoop loop, LeaseKeeper leases,
    IOptions<WorkerOptions> options, TimeProvider time, ILogger<AgentService> logger) : BackgroundService
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await sweep.EndFormerLifeAsync(stoppingToken);
            await artifacts.RecoverAsync(stoppingToken);
            await sender.ReplayAsync(stoppingToken);
            await sender.InsistAsync(() => registrar.RegisterAllAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // Stopped before any device was offered.
        }

        await ServeAsync(stoppingToken);
    }

    private async Task ServeAsync(CancellationToken stoppingToken)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var beats = new CancellationTokenSource();
        using var abandon = new CancellationTokenSource();
        await using var limit = time.CreateTimer(_ => abandon.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var limited = life.Token.Register(() => limit.Change(options.Value.StopGrace + options.Value.CancelGrace + s_lastWords, Timeout.InfiniteTimeSpan));
        LogServing(state.AgentId, fleet.Devices.Count, state.Root);

        // Hints and heartbeats go on until the last batch is over. A fault in one part ends the agent: it must not live on by halves.
        var watching = GuardAsync(WatchAsync(beats.Token), life);
        var beating = GuardAsync(leases.RunAsync(beats.Token), life);
        var uploading = GuardAsync(artifactSender.RunAsync(beats.Token), life);
        try
        {
            await Task.WhenAll(fleet.Devices.Select(slot => GuardAsync(loop.RunAsync(slot, abandon.Token, life.Token), life)));
        }
        finally
        {
            artifactSender.Drain();
            await uploading.WaitAsync(s_lastWords, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await beats.CancelAsync(); // Also after a fault: renewing the leases of dead loops would keep their jobs from everybody.
            await Task.WhenAll(watching, beating, uploading);
        }

        await LeaveAsync();
    }

    private async Task GuardAsync(Task part, CancellationTokenSource life)
    {
        try
        {
            await part;
        }
        catch (Exception e)
        {
            LogFault(e);
            await life.CancelAsync();
            throw;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var watch = await sender.InsistAsync(() => queue.WatchAsync(state.AgentId, OnHint, cancellationToken), cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops.
        }
    }

    private void OnHint(AgentHint hint)
    {
        if (hint.Kind == AgentHintKind.Beat)
        {
            leases.Nudge();
        }
        else
        {
            fleet.Find(hint.DeviceId)?.Wake();
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            using var enough = new CancellationTokenSource(s_lastWords, time);
            await queue.UnregisterAsync(state.AgentId, enough.Token).WaitAsync(s_lastWords, time, CancellationToken.None);
            LogLeft();
        }
        catch (Exception e) when (Backoff.IsStoreFault(e) || e is OperationCanceledException)
        {
            LogLeftSilently(e.Message);
        }
    }
}
