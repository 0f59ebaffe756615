using QualGent.Contracts;

namespace QualGent.Simulation.Model;

/// <summary>What ends together: a run, or a matrix with all its cells.</summary>
internal sealed class ModelRun
{
    public required bool FailFast { get; init; }

    /// <summary>Instant of its time limit; null: it has none.</summary>
    public required long? LimitMs { get; init; }

    /// <summary>How long a renewal holds; null: nobody has to renew.</summary>
    public required long? LeaseMs { get; init; }

    /// <summary>Its jobs, of a matrix those of all cells.</summary>
    public List<ModelPart> Parts { get; } = [];

    /// <summary>When a sweep is to cancel it; null: never, or that was done.</summary>
    public long? LapsesMs { get; private set; }

    /// <summary>A sweep found that its time was over.</summary>
    public bool HasLapsed { get; private set; }

    /// <summary>When it got its verdict, as the store says; null while it is open.</summary>
    public long? EndedMs { get; set; }

    public bool IsOpen => Parts.Exists(part => !part.Status.IsTerminal());

    /// <summary>Whether sweeps are to cancel what has not ended of it.</summary>
    public bool IsGivenUp => HasLapsed || (FailFast && Parts.Exists(part => part is { IsExcluded: false, Status: JobStatus.Failed or JobStatus.Errored }));

    /// <summary>Somebody waits for it: at its begin, and whenever its lease is renewed.</summary>
    public void Renew(long nowMs)
    {
        var lapsesMs = Math.Min(LimitMs ?? long.MaxValue, LeaseMs is { } lease ? nowMs + lease : long.MaxValue);
        LapsesMs = lapsesMs == long.MaxValue || HasLapsed ? null : lapsesMs;
    }

    /// <summary>A sweep looks at the time.</summary>
    public void Lapse(long nowMs)
    {
        if (LapsesMs <= nowMs && IsOpen)
        {
            (HasLapsed, LapsesMs) = (true, null);
        }
    }
}
