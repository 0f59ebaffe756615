namespace QualGent.Simulation.Comparison;

/// <summary>What arrives when, and what runs it: the same for every policy.</summary>
internal sealed record Workload
{
    /// <summary>What it shows, for headings.</summary>
    public required string Name { get; init; }

    /// <summary>Number of devices.</summary>
    public required int Devices { get; init; }

    /// <summary>Time of one installation, in milliseconds.</summary>
    public required long InstallMs { get; init; }

    /// <summary>Submissions by arrival.</summary>
    public required IReadOnlyList<PlannedRun> Runs { get; init; }

    /// <summary>All jobs.</summary>
    public IEnumerable<PlannedJob> Jobs => Runs.SelectMany(run => run.Jobs);
}

/// <summary>One submission. All its jobs are of one app version and therefore one group with those of other runs of it.</summary>
internal sealed record PlannedRun
{
    public PlannedRun(int number, string org, string app, int priority, long atMs, IReadOnlyList<long> durationsMs)
    {
        (Number, Org, App, Priority, AtMs) = (number, org, app, priority, atMs);
        Jobs = [.. durationsMs.Select((duration, index) => new PlannedJob(this, index, duration))];
    }

    public int Number { get; }

    public string Org { get; }

    public string App { get; }

    public int Priority { get; }

    /// <summary>Arrival, in milliseconds from the begin.</summary>
    public long AtMs { get; }

    public IReadOnlyList<PlannedJob> Jobs { get; }

    /// <summary>What shares an installation.</summary>
    public string Group => $"{Org}|{App}";
}

/// <summary>One file: place in its run and time it takes.</summary>
internal sealed class PlannedJob(PlannedRun run, int index, long durationMs)
{
    public PlannedRun Run => run;

    public int Index => index;

    public long DurationMs => durationMs;
}
