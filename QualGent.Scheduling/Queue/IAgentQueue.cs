using QualGent.Contracts;
using QualGent.Scheduling.Fleet;

namespace QualGent.Scheduling.Queue;

/// <summary>The agent's side of the queue. Every write is guarded by epoch and token and may be repeated.</summary>
public interface IAgentQueue
{
    /// <summary>
    /// Takes ownership of devices. A device whose owner's lease stands is refused, unless the owner is the same agent id:
    /// then its epoch rises and what it held goes back to the queue (started jobs count a loss). A few devices at a time, each in one
    /// step; repeat it when it fails half-way.
    /// </summary>
    Task<RegisterResult> RegisterAsync(AgentRegistration agent, CancellationToken cancellationToken);

    /// <summary>Gives the agent's devices back; jobs still held that have not started return uncharged. A few devices at a time, each in one step.</summary>
    Task UnregisterAsync(string agentId, CancellationToken cancellationToken);

    /// <summary>Makes the device hold a batch and says which (level-triggered: a lost answer costs nothing). Also renews the lease.</summary>
    Task<ClaimResult> ClaimAsync(string deviceId, long epoch, CancellationToken cancellationToken);

    /// <summary>Renews all leases of an agent.</summary>
    Task<IReadOnlyList<BeatReply>> HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken);

    /// <summary>Shows what held jobs are doing; <see cref="JobPhase.Testing"/> marks a job started, which is what a later loss charges.</summary>
    /// <returns>One status per job, in order.</returns>
    Task<IReadOnlyList<WriteStatus>> SetPhaseAsync(IReadOnlyList<JobHandle> jobs, JobPhase phase, CancellationToken cancellationToken);

    /// <summary>Tells who watches the run how far a running job's file is. Nothing depends on it: a full store refuses it, and nobody repeats it.</summary>
    Task<WriteStatus> ShowTestsAsync(JobHandle job, TestProgress progress, CancellationToken cancellationToken);

    /// <summary>Reports an attempt.</summary>
    Task<WriteStatus> FinishAsync(JobReport report, CancellationToken cancellationToken);

    /// <summary>Gives back held jobs that have not started, uncharged and with their old seniority.</summary>
    Task<IReadOnlyList<WriteStatus>> ReleaseAsync(IReadOnlyList<JobHandle> jobs, CancellationToken cancellationToken);

    /// <summary>Calls back with a device id when there may be work for it, and with a job id's device when something it holds was cancelled.</summary>
    Task<IAsyncDisposable> WatchAsync(string agentId, Action<AgentHint> onHint, CancellationToken cancellationToken);
}

/// <summary>A hint from the queue; may be lost or repeated.</summary>
/// <param name="DeviceId">The device concerned.</param>
/// <param name="Kind">What to do: claim, or send a heartbeat now (a held job was cancelled).</param>
public readonly record struct AgentHint(string DeviceId, AgentHintKind Kind);

/// <summary>Kinds of <see cref="AgentHint"/>.</summary>
public enum AgentHintKind
{
    Claim = 0,
    Beat = 1,
}
