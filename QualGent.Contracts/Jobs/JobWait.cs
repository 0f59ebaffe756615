using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>Answer to <c>GET /v1/jobs/{id}/why</c>: what a job waits for, and for how long by what has been measured.</summary>
public sealed record JobWait
{
    public required string JobId { get; init; }
    public required JobStatus Status { get; init; }

    /// <summary>What stands in the way, the most decisive first; never empty.</summary>
    public required IReadOnlyList<WaitReason> Reasons { get; init; }

    /// <summary>1 when it is the next of its organisation; null unless it waits for a device.</summary>
    public long? Position { get; init; }

    /// <summary>Devices that could serve it.</summary>
    public required ServingDevices Devices { get; init; }

    /// <summary>Null when it has ended or nothing can be said: no device, something paused.</summary>
    public Expectation? ExpectedStart { get; init; }

    /// <inheritdoc cref="ExpectedStart"/>
    public Expectation? ExpectedFinish { get; init; }
}

/// <summary>An instant that is as likely missed as met, and one that is met in nine of ten cases.</summary>
public sealed record Expectation(DateTimeOffset P50, DateTimeOffset P90);

/// <summary>One thing that stands in a job's way.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Message">In words, with numbers.</param>
public sealed record WaitReason(WaitCode Code, string Message);

/// <summary>Registered devices that could serve a job, by what they do.</summary>
public sealed record ServingDevices(int Idle, int Busy, int Draining, int Quarantined);

/// <summary>Kinds of <see cref="WaitReason"/>.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<WaitCode>))]
public enum WaitCode
{
    /// <summary>Nothing: the next free device takes it.</summary>
    Next = 0,

    /// <summary>It has its verdict.</summary>
    Ended = 1,

    /// <summary>A device works on it.</summary>
    Running = 2,

    /// <summary>A retry's delay, or an instant the submission asked for.</summary>
    NotDue = 3,
    QueuePaused = 4,
    OrgPaused = 5,
    BuildPaused = 6,

    /// <summary>No registered device could ever serve it.</summary>
    NoDevice = 7,

    /// <summary>All that could are drained or quarantined.</summary>
    DevicesOffDuty = 8,

    /// <summary>The organisation has all the devices it may have.</summary>
    CapReached = 9,

    /// <summary>The build installs nowhere; its jobs are being ended.</summary>
    BuildCondemned = 10,

    /// <summary>More senior jobs of the same group.</summary>
    BehindGroup = 11,

    /// <summary>More senior groups of the same organisation.</summary>
    BehindOrg = 12,

    /// <summary>Other organisations have their share of the devices.</summary>
    BehindOthers = 13,

    /// <summary>What is left of the group is not worth another installation.</summary>
    SpreadRule = 14,

    /// <summary>A retry is left to another device than the one it failed on, for a while.</summary>
    RetryElsewhere = 15,
}
