using QualGent.Contracts;

namespace QualGent.Scheduling.Queue;

/// <summary>The operator's side of the queue. Every call is one atomic, idempotent step and holds from the next claim on.</summary>
public interface IQueueControl
{
    /// <summary>An organisation's settings and use; one that never submitted anything has the defaults.</summary>
    Task<OrgView> GetOrgAsync(string orgId, CancellationToken cancellationToken);

    /// <summary>Changes an organisation's settings, which <see cref="OrgChangeValidator"/> found faultless.</summary>
    Task<OrgView> ChangeOrgAsync(string orgId, OrgChange change, CancellationToken cancellationToken);

    /// <summary>Stops handing out jobs of a scope; what devices hold goes on.</summary>
    /// <returns>All that is paused now, or null when <see cref="Limits.PausedMax"/> is reached.</returns>
    Task<PauseList?> PauseAsync(PauseScope scope, CancellationToken cancellationToken);

    /// <summary>Hands out jobs of a scope again.</summary>
    /// <returns>All that is still paused.</returns>
    Task<PauseList> ResumeAsync(PauseScope scope, CancellationToken cancellationToken);

    /// <summary>Takes a device off duty, also over new lives of its agent, or puts it back. Its batch ends at the next file boundary.</summary>
    /// <returns>The device afterwards, or null when the id is unknown.</returns>
    Task<DeviceView?> SetDutyAsync(string deviceId, DeviceDuty duty, CancellationToken cancellationToken);
}

/// <summary>Whether a device takes jobs.</summary>
public enum DeviceDuty
{
    /// <summary>It does.</summary>
    OnDuty = 0,

    /// <summary>It does not, because its operator needs it.</summary>
    Draining = 1,

    /// <summary>It does not, because of what happened on it.</summary>
    Quarantined = 2,
}
