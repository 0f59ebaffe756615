namespace QualGent.Contracts;

/// <summary>One kind of device that all tests of a run are to run on. At least one field is set.</summary>
public sealed record MatrixCell
{
    /// <summary>One of <see cref="Targets"/>; default: the run's.</summary>
    public string? Target { get; init; }

    /// <summary>One of <see cref="Platforms"/>; default: the run's.</summary>
    public string? Platform { get; init; }

    /// <summary>Labels a device must have besides the run's, e.g. <c>{"os":"14"}</c>; of equal names the cell's counts.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The run's settings as they are in this cell.</summary>
    public SubmitSettings In(SubmitSettings run)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (run.Labels ?? new Dictionary<string, string>()).Concat(Labels ?? new Dictionary<string, string>()))
        {
            labels[name] = value;
        }

        return run with { Target = Target ?? run.Target, Platform = Platform ?? run.Platform, Labels = labels.Count == 0 ? null : labels };
    }
}

/// <summary>What became of a run in one cell of its matrix.</summary>
/// <param name="RunId">The cell, a run of its own: <c>GET /v1/runs/{id}</c> knows it.</param>
/// <param name="Target">One of <see cref="Targets"/>.</param>
/// <param name="Platform">One of <see cref="Platforms"/>.</param>
/// <param name="Labels">Labels of its devices.</param>
/// <param name="Verdict">Null until the cell has ended.</param>
/// <param name="Planned">Its jobs; the counts add up to it.</param>
/// <param name="Counts">Its jobs by state.</param>
public sealed record MatrixCellView(string RunId, string Target, string Platform, IReadOnlyDictionary<string, string>? Labels, RunVerdict? Verdict, int Planned, RunCounts Counts);
