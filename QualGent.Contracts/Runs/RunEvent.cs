using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>Kinds of events of <c>GET /v1/runs/{id}/events</c>; the SSE <c>event:</c> field carries the name.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<RunEventKind>))]
public enum RunEventKind
{
    /// <summary>First event of every stream, and again when the cursor was trimmed: the run and its jobs as they are.</summary>
    Snapshot = 0,

    /// <summary>A job changed. With its verdict come device, install or warm, attempt, batch, and the events of the batch that it rests on.</summary>
    Job = 1,

    /// <summary>The run ended; the stream ends after it.</summary>
    RunEnded = 2,

    /// <summary>Tests ended inside a file that still runs.</summary>
    Tests = 3,
}

/// <summary>One event of a run. <see cref="Cursor"/> is the SSE id; sent back as <c>Last-Event-ID</c> it resumes the stream behind it.</summary>
public sealed record RunEvent
{
    public required RunEventKind Kind { get; init; }
    public required string Cursor { get; init; }

    /// <summary>With <see cref="RunEventKind.Snapshot"/> and <see cref="RunEventKind.RunEnded"/>.</summary>
    public RunView? Run { get; init; }

    /// <summary>All jobs of a snapshot; those that changed together of a <see cref="RunEventKind.Job"/>.</summary>
    public IReadOnlyList<JobView>? Jobs { get; init; }

    /// <summary>With <see cref="RunEventKind.Tests"/>.</summary>
    public TestProgress? Progress { get; init; }
}
