using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>A job's state. The last four are terminal and never change. New values are added at the end: old readers meet them during a rolling upgrade.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JobStatus>))]
public enum JobStatus
{
    /// <summary>Waiting for a device, or for the instant of its retry.</summary>
    Queued = 0,

    /// <summary>Held by a device under a lease.</summary>
    Running = 1,

    /// <summary>Every test of the file passed, possibly on a later attempt (then <c>flaky</c>).</summary>
    Passed = 2,

    /// <summary>The test is to blame.</summary>
    Failed = 3,

    /// <summary>No verdict about the test could be reached.</summary>
    Errored = 4,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled = 5,
}

/// <summary>What a running job is doing.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<JobPhase>))]
public enum JobPhase
{
    /// <summary>A device holds it; nothing has begun.</summary>
    Claimed = 0,

    /// <summary>The working copy and its dependencies are being prepared.</summary>
    Preparing = 1,

    /// <summary>The app is being installed.</summary>
    Installing = 2,

    /// <summary>Its file has begun.</summary>
    Testing = 3,

    /// <summary>Its file has ended; the result is on its way.</summary>
    Reporting = 4,
}

/// <summary>Questions about states that more than one part asks.</summary>
public static class JobStatusFacts
{
    /// <summary>Whether the state never changes again.</summary>
    public static bool IsTerminal(this JobStatus status) => status >= JobStatus.Passed;
}
