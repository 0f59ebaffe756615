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

    /// <summary>What another job must share with it to be equal; null where nobody asked for that.</summary>
    public required string? Kind { get; init; }

    /// <summary>Its place among the jobs of its lane as its own run asked for it, and the most senior that any run did.</summary>
    public required double OwnScore { get; init; }

    public required double Score { get; set; }

    /// <summary>All runs that ever waited for it.</summary>
    public List<ModelPart> Parts { get; } = [];

    /// <summary>Since when it waits, once something was charged to it.</summary>
    public long? ChargedMs { get; set; }

    /// <summary>Whether an equal job may still be attached to it.</summary>
    public bool IsInFlight => !Status.IsTerminal() && !Cancel;

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
