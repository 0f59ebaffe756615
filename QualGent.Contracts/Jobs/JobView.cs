using System.Text.Json.Serialization;

namespace QualGent.Contracts;

/// <summary>A job as clients see it.</summary>
public sealed record JobView
{
    public required string Id { get; init; }
    public required string RunId { get; init; }
    public required string OrgId { get; init; }
    public required string AppVersionId { get; init; }
    public required string TestPath { get; init; }
    public required string Target { get; init; }
    public required string Platform { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public string? Project { get; init; }

    /// <summary>Digest of the bundle that the test code comes from; null where it comes from the agent's own test root.</summary>
    public string? Bundle { get; init; }

    /// <summary>Digest of the build that was registered when the run was accepted; null when none was, and the agent's own is used.</summary>
    public string? AppDigest { get; init; }

    public required string Reset { get; init; }

    /// <summary>As asked, or the highest that was asked of a job that several runs wait for.</summary>
    public required int Priority { get; init; }

    /// <summary>
    /// The job of another run that does the work of this one: it was under way and equal when this one was submitted
    /// (<see cref="DedupModes.InFlight"/>). Null for most.
    /// </summary>
    public string? AttachedTo { get; init; }

    /// <summary>The job whose executions, log and place in the queue are also this one's.</summary>
    [JsonIgnore]
    public string WorkId => AttachedTo ?? Id;

    public required JobStatus Status { get; init; }

    /// <summary>Set while running.</summary>
    public JobPhase? Phase { get; init; }

    /// <summary>Passed, but not on the first attempt.</summary>
    public bool Flaky { get; init; }

    /// <summary>Its test was in quarantine when the run was accepted: the verdict of the run does not depend on it.</summary>
    public bool Quarantined { get; init; }

    /// <summary>One of <see cref="VerdictCodes"/>: of the verdict, or of the last failed attempt while a retry waits.</summary>
    public string? Code { get; init; }

    /// <summary>What to read first: the assertion, the loader's complaint, what to change.</summary>
    public string? Message { get; init; }

    /// <summary>Test attempts used up so far.</summary>
    public int Attempts { get; init; }

    public required int AttemptsMax { get; init; }

    /// <summary>Times a device, agent or network was lost under it after it had started; never counted as attempts.</summary>
    public int InfrastructureLosses { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the last attempt's file began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When a waiting retry becomes due; else the instant the submission asked not to start before.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Evidence of the last attempt: the device, by id.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Evidence: provider of that device, e.g. <c>virtual</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>Evidence: the agent, by id.</summary>
    public string? AgentId { get; init; }

    /// <summary>Evidence: the AppWright process it shared with its batch mates.</summary>
    public string? BatchId { get; init; }

    /// <summary>Evidence: whether its batch had to install the app first; null where nothing reported yet.</summary>
    public bool? Installed { get; init; }

    /// <summary>Run time of the last attempt's file, in milliseconds.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Test cases of the last attempt.</summary>
    public TestCounts? Tests { get; init; }

    /// <summary>Evidence: what the verdict of the last attempt rests on, as in <see cref="AttemptView.Events"/>. Null while one runs, and where no batch told any.</summary>
    public IReadOnlyList<string>? Events { get; init; }
}

/// <summary>Test cases inside one file.</summary>
public sealed record TestCounts(int Passed, int Failed, int Skipped);

/// <summary>One page of jobs. <c>next_cursor</c> is null on the last page.</summary>
public sealed record JobPage(IReadOnlyList<JobView> Jobs, string? NextCursor);

/// <summary>Answer to <c>POST /v1/jobs</c>.</summary>
/// <param name="Job">The job as accepted.</param>
/// <param name="Warnings">What the submitter should know, e.g. that no registered device could serve the job.</param>
/// <param name="Attached">The job again, when it was attached to one that was under way; else null.</param>
public sealed record SubmitJobResponse(JobView Job, IReadOnlyList<string> Warnings, IReadOnlyList<AttachedJob>? Attached = null);

/// <summary>Body of the cancel calls; optional.</summary>
public sealed record CancelRequest(string? Reason);
