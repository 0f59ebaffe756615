using System.ComponentModel.DataAnnotations;

namespace QualGent.Scheduling;

/// <summary>Settings of a pool, section <c>Scheduling</c>. All processes of a pool use the same values.</summary>
public sealed class SchedulingOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Scheduling";

    /// <summary>Name of the scheduling domain; part of every key.</summary>
    [Required, RegularExpression("^[a-z0-9-]{1,32}$")]
    public string Pool { get; set; } = "main";

    /// <summary>Time a device keeps its jobs without a heartbeat. Shorter finds dead agents sooner, longer forgives slow ones.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Age of the last sweep from which an outage is assumed: then all leases are extended by one period before any is taken back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan OutageAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Expected work of one batch; at least one job is always claimed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BatchWork { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Seniority one priority level is worth: a job overtakes only what arrived at most this long before it, per level.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AgingPerLevel { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>First retry's mean delay; doubles per attempt, with full jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest delay of a retry.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Jobs one organisation may have queued.</summary>
    [Range(1, 10_000_000)]
    public int QueuedPerOrgMax { get; set; } = 200_000;

    /// <summary>Jobs the pool may have queued.</summary>
    [Range(1, 100_000_000)]
    public int QueuedMax { get; set; } = 1_000_000;

    /// <summary>Time a finished run stays readable.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Time after which the history of a test that does not run any more is forgotten.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(90);
}
