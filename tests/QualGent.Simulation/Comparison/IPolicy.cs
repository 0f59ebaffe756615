namespace QualGent.Simulation.Comparison;

/// <summary>Decides which device does what. The fleet calls it in virtual time; devices are numbers from 0.</summary>
internal interface IPolicy
{
    /// <summary>For tables.</summary>
    string Name { get; }

    /// <summary>Whether idle devices ask by themselves from time to time.</summary>
    bool Probes { get; }

    /// <summary>A run arrives.</summary>
    Task SubmitAsync(PlannedRun run, long nowMs);

    /// <summary>A free device asks; nothing when it has to wait.</summary>
    Task<IReadOnlyList<PlannedJob>> ClaimAsync(int device, long nowMs);

    /// <summary>A file begins.</summary>
    Task BeginAsync(int device, PlannedJob job, long nowMs);

    /// <summary>A file has passed.</summary>
    /// <param name="device">Where.</param>
    /// <param name="job">Which.</param>
    /// <param name="installed">Whether the build was installed for its batch.</param>
    /// <param name="nowMs">The time.</param>
    Task FinishAsync(int device, PlannedJob job, bool installed, long nowMs);

    /// <summary>Jobs of its batch that the device was told not to begin.</summary>
    Task ReleaseAsync(int device, IReadOnlyList<PlannedJob> jobs, long nowMs);

    /// <summary>Heartbeat of some devices; the answer names those that should end their batch at the next file.</summary>
    Task<IReadOnlyList<int>> BeatAsync(IReadOnlyList<int> devices, long nowMs);

    /// <summary>Work that belongs to nobody, once a second.</summary>
    Task SweepAsync(long nowMs);

    /// <summary>Idle devices that should ask again now.</summary>
    Task<IReadOnlyList<int>> WokenAsync();
}
