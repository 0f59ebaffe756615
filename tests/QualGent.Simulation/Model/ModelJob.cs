using QualGent.Contracts;

namespace QualGent.Simulation.Model;

/// <summary>A job as it should be.</summary>
internal sealed class ModelJob
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    public required string Lane { get; init; }

    public required string Group { get; init; }

    public required string File { get; init; }

    public required int AttemptsMax { get; init; }

    public required long QueueTimeoutMs { get; init; }

    public required long CreatedMs { get; init; }

    /// <summary>Since when it waits; what was not charged keeps it.</summary>
    public required long QueuedMs { get; set; }

    public JobStatus Status { get; set; }

    /// <summary>Why it ended, where the queue decides that and not a report.</summary>
    public string? Code { get; set; }

    public string? Device { get; set; }

    public long Token { get; set; }

    /// <summary>Token under which the last report was accepted.</summary>
    public long Reported { get; set; }

    public bool Begun { get; set; }

    public bool Cancel { get; set; }

    public bool Alone { get; set; }

    public int Attempts { get; set; }

    public int Losses { get; set; }

    /// <summary>Before it no claim may get the job.</summary>
    public long NotBeforeMs { get; set; }

    public void End(JobStatus status, string? code)
    {
        (Status, Code, Begun, Cancel, Alone) = (status, code, false, false, false);
    }
}
