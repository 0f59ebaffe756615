namespace QualGent.Scheduling.Queue;

/// <summary>Work that belongs to nobody: every API instance and agent tries, a guard in the store lets one through.</summary>
public interface IQueueUpkeep
{
    /// <summary>
    /// One bounded sweep: goes on expanding accepted runs, makes due retries ready, ends jobs past their queue time-out, takes back
    /// expired leases (all leases are first extended by one period when the last sweep is older than the outage limit), repairs lost wake-ups.
    /// </summary>
    /// <returns>Whether more is waiting, so that the caller sweeps again at once.</returns>
    Task<bool> SweepAsync(CancellationToken cancellationToken);
}
