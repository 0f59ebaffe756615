namespace QualGent.Simulation.Comparison;

/// <summary>The time below which no schedule can be, however clever.</summary>
internal static class LowerBound
{
    /// <summary>How it is computed, for tables.</summary>
    public const string Formula = "smallest T with Σg (Pg + s·⌈Pg/(T−s)⌉) ≤ m·T and T ≥ maxg (s + longest job of g); g app version, Pg its jobs' time, s installation, m devices";

    /// <summary>
    /// For jobs that are all there at the beginning: a device gives a version at most T − s, so version g needs at least
    /// ⌈Pg/(T−s)⌉ installations. Found by bisection.
    /// </summary>
    public static double MakespanMs(Workload workload)
    {
        double install = workload.InstallMs;
        var groups = workload.Jobs.GroupBy(job => job.Run.Group).Select(group => (Work: (double)group.Sum(job => job.DurationMs), Longest: group.Max(job => job.DurationMs))).ToList();
        var low = groups.Max(group => install + group.Longest);
        var high = low + groups.Sum(group => group.Work + install);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var needed = groups.Sum(group => group.Work + (install * Math.Ceiling(group.Work / (middle - install))));
            if (needed > workload.Devices * middle)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }
}
