using System.Diagnostics;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Batches;

/// <summary>A job of a batch until somebody has answered for it.</summary>
internal sealed class HeldJob(ClaimedJob job)
{
    public ClaimedJob Job { get; } = job;
    public HeldState State { get; set; }
    public Activity? Activity { get; set; }

    /// <summary>Timestamp of its file's beginning, in the round that counts.</summary>
    public long? BegunAt { get; set; }

    /// <summary>Timestamp of its file's end.</summary>
    public long? EndedAt { get; set; }

    /// <summary>How far its tests got, when nobody judges it.</summary>
    public IReadOnlyList<TestCaseView> Cases { get; set; } = [];
}

/// <summary>How far a held job is.</summary>
internal enum HeldState
{
    Waiting = 0,
    Begun = 1,

    /// <summary>Begun, not judged, and waiting for another round of the same batch.</summary>
    SetBack = 2,

    Answered = 3,
}
