using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>Answer to <c>GET /v1/jobs/{id}/artifacts</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Pending">Whether more may come: an execution runs, or its agent still uploads.</param>
/// <param name="Artifacts">What the job's executions left behind, oldest first, those that are missing included.</param>
public sealed record JobArtifacts(string JobId, bool Pending, IReadOnlyList<ArtifactView> Artifacts);

/// <summary>A file that an execution of a job left behind, or should have.</summary>
public sealed record ArtifactView
{
    /// <summary>Unique in its job, of the form that <see cref="ArtifactName"/> makes, e.g. <c>attempt-1/counts-the-notes/screen.png</c>.</summary>
    public required string Name { get; init; }

    public required ArtifactKind Kind { get; init; }

    /// <summary>Media type, e.g. <c>image/png</c>.</summary>
    public required string ContentType { get; init; }

    /// <summary>Attempt that left it, counted from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Title of the test case it belongs to; null when it belongs to the whole file.</summary>
    public string? Test { get; init; }

    /// <summary>Bytes, as far as they are known.</summary>
    public long Size { get; init; }

    public required ArtifactState State { get; init; }

    /// <summary>SHA-256 of its bytes; null when it is missing.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Why it is missing.</summary>
    public string? Reason { get; init; }
}

/// <summary>What an artifact is.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ArtifactKind>))]
public enum ArtifactKind
{
    /// <summary>Anything a test attached that is none of the others.</summary>
    Attachment = 0,

    Screenshot = 1,
    Video = 2,

    /// <summary>A trace of Playwright, for its trace viewer.</summary>
    Trace = 3,

    /// <summary>All that AppWright printed while the file ran, compressed with gzip.</summary>
    Log = 4,

    /// <summary>What Appium, between test and device, printed during the whole batch, compressed with gzip.</summary>
    DeviceLog = 5,

    /// <summary>Playwright's HTML report of the batch, as a zip.</summary>
    HtmlReport = 6,

    /// <summary>Playwright's blob report of the batch, for <c>npx playwright merge-reports</c>.</summary>
    BlobReport = 7,
}

/// <summary>Whether an artifact can be had.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ArtifactState>))]
public enum ArtifactState
{
    /// <summary>It can be downloaded.</summary>
    Stored = 0,

    /// <summary>The agent has it and has yet to upload it.</summary>
    Pending = 1,

    /// <summary>It cannot be had, for the reason given.</summary>
    Missing = 2,
}
