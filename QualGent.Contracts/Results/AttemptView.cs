using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>Answer to <c>GET /v1/jobs/{id}/results</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempts">Reported executions, oldest first, at most <see cref="Limits.ResultsPerJob"/>; an agent that died reported none.</param>
public sealed record JobResults(string JobId, IReadOnlyList<AttemptView> Attempts);

/// <summary>One execution of a job.</summary>
public sealed record AttemptView
{
    /// <summary>Its number, counted from 1; a loss is followed by another execution with the same number.</summary>
    public required int Attempt { get; init; }

    public required AttemptOutcome Outcome { get; init; }

    /// <summary>One of <see cref="VerdictCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>What to read first.</summary>
    public string? Message { get; init; }

    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>When its file began; null when it did not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }
    public required string DeviceId { get; init; }

    /// <summary>The device's serial.</summary>
    public required string Device { get; init; }

    public required string Provider { get; init; }
    public required string AgentId { get; init; }
    public required string BatchId { get; init; }

    /// <summary>Whether the app had to be installed for its batch; null where nothing was reported.</summary>
    public bool? Installed { get; init; }

    public required AttemptPhases Phases { get; init; }

    /// <summary>
    /// What the verdict rests on: the events of the batch that decided it, by number, in order, e.g. <c>#3 fileBegin</c>, <c>#9 fileEnd passed</c>,
    /// <c>#10 fileBegin</c> (of the next file, which made the pass certain). Null where no batch told any.
    /// </summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Test cases that ended, and the one that was interrupted, in the order they ran.</summary>
    public required IReadOnlyList<TestCaseView> Tests { get; init; }

    /// <summary>Test cases that are not listed because there are too many.</summary>
    public int TestsLeftOut { get; init; }
}

/// <summary>How an execution ended.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<AttemptOutcome>))]
public enum AttemptOutcome
{
    Passed = 0,
    Failed = 1,
    Errored = 2,

    /// <summary>Device, agent or network went away; no attempt was used up.</summary>
    Lost = 3,

    /// <summary>The app did not install on that device.</summary>
    InstallFailed = 4,

    Cancelled = 5,
}

/// <summary>Where the time of an execution went, in milliseconds; null for what did not happen.</summary>
public sealed record AttemptPhases
{
    /// <summary>In the queue, until a device took the job.</summary>
    public long? QueuedMs { get; init; }

    /// <summary>Test code, dependencies and app made ready, once for the batch.</summary>
    public long? PreparingMs { get; init; }

    /// <summary>Start of AppWright, and files of the same batch that ran before.</summary>
    public long? WaitingMs { get; init; }

    /// <summary>Installing the app, where this job's file needed it; a part of the testing.</summary>
    public long? InstallingMs { get; init; }

    /// <summary>From the file's first test to its last.</summary>
    public long? TestingMs { get; init; }

    /// <summary>Until the verdict was certain.</summary>
    public long? ReportingMs { get; init; }
}
