using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Scheduling.Queue;

/// <summary>The submitter's side of the queue. Every call is one atomic step; none keeps state in the process.</summary>
public interface IJobQueue
{
    /// <summary>Stores a run, its idempotency record and its quota in one step; expansion into jobs goes on by itself if the process dies.</summary>
    Task<AcceptResult> AcceptAsync(RunSubmission run, IdempotencyKey? key, CancellationToken cancellationToken);

    /// <summary>A job, or null when the id is unknown.</summary>
    Task<JobView?> GetJobAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>What a job waits for, and how long by what has been measured; null when the id is unknown. Its cost does not grow with the queue.</summary>
    Task<JobWait?> WhyAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Jobs, newest run first.</summary>
    Task<JobPage> ListJobsAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>A run, with its expected end while it is open, or null when the id is unknown.</summary>
    Task<RunView?> GetRunAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Runs, newest first. A call looks at a bounded number of them, so a page may be short or empty and still have a next one.</summary>
    Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>Cancels a job: at once while queued, through its agent while running. Idempotent.</summary>
    /// <returns>The job afterwards, or null when the id is unknown.</returns>
    Task<JobView?> CancelJobAsync(string jobId, string? reason, CancellationToken cancellationToken);

    /// <summary>Cancels what has not ended of a run. Idempotent.</summary>
    /// <returns>The run afterwards, or null when the id is unknown.</returns>
    Task<RunView?> CancelRunAsync(string runId, string? reason, CancellationToken cancellationToken);

    /// <summary>Renews a run's lease for whoever waits for it. No effect on a run that has ended or has none.</summary>
    /// <returns>False when the run is unknown.</returns>
    Task<bool> RenewRunAsync(string runId, CancellationToken cancellationToken);

    /// <summary>What would run again of an ended run: every test that did not pass. Terminal jobs never change, so it would be a new run.</summary>
    /// <returns>Null when the run is unknown.</returns>
    Task<Rerun?> PlanRerunAsync(string runId, string? traceParent, CancellationToken cancellationToken);

    /// <summary>A new run of one ended job's test, whatever its outcome was.</summary>
    /// <returns>Null when the job is unknown.</returns>
    Task<Rerun?> PlanRetryAsync(string jobId, string? traceParent, CancellationToken cancellationToken);

    /// <summary>
    /// The run's events behind a cursor, without waiting. A null or trimmed cursor yields a snapshot with a new cursor.
    /// </summary>
    /// <returns>Null when the run is unknown; empty when nothing is new.</returns>
    Task<IReadOnlyList<RunEvent>?> ReadRunEventsAsync(string runId, string? cursor, CancellationToken cancellationToken);

    /// <summary>Calls back whenever a run may have news; a hint that can be lost, so readers also look now and then.</summary>
    Task<IAsyncDisposable> WatchRunAsync(string runId, Action onNews, CancellationToken cancellationToken);

    /// <summary>Depth, groups, devices.</summary>
    Task<QueueView> GetQueueAsync(CancellationToken cancellationToken);

    /// <summary>All devices.</summary>
    Task<DeviceList> ListDevicesAsync(CancellationToken cancellationToken);

    /// <summary>All agents.</summary>
    Task<AgentList> ListAgentsAsync(CancellationToken cancellationToken);
}

/// <summary>Which jobs to list; null means any.</summary>
public sealed record JobQuery
{
    public string? OrgId { get; init; }
    public string? RunId { get; init; }
    public JobStatus? Status { get; init; }
    public string? AppVersionId { get; init; }
    public string? Target { get; init; }
    public string? Cursor { get; init; }
    public int Limit { get; init; } = Limits.PageSizeDefault;
}

/// <summary>Which runs to list; null means any.</summary>
public sealed record RunQuery
{
    public string? OrgId { get; init; }
    public RunState? State { get; init; }
    public RunVerdict? Verdict { get; init; }
    public string? AppVersionId { get; init; }

    /// <summary>A part of the display name, in any case.</summary>
    public string? Name { get; init; }

    public string? Cursor { get; init; }
    public int Limit { get; init; } = Limits.PageSizeDefault;
}
