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

    /// <summary>
    /// What no schedule can keep the 95th percentile of the waits below, for jobs that are all there at the beginning. When that many have
    /// begun, all of them but one per device have ended: at least the shortest ones. A device can have given a version T − s by then, and
    /// of the versions only those may be missing whose jobs all belong to the last 5 %.
    /// </summary>
    /// <param name="workload">The jobs.</param>
    /// <param name="knowsDurations">Whether the schedule may choose by duration; else those that have ended are as long as others, on average.</param>
    public static double WaitP95Ms(Workload workload, bool knowsDurations)
    {
        double install = workload.InstallMs;
        var durations = workload.Jobs.Select(job => (double)job.DurationMs).Order().ToList();
        var begun = Math.Min(durations.Count, (int)(0.95 * durations.Count) + 1);
        var ended = Math.Max(0, begun - workload.Devices);
        var work = knowsDurations ? durations.Take(ended).Sum() : durations.Average() * ended;
        var versions = workload.Jobs.GroupBy(job => job.Run.Group).Select(group => group.Count()).Order().ToList();
        var late = durations.Count - begun;
        var needed = versions.Count - versions.TakeWhile(jobs => (late -= jobs) >= 0).Count();
        var (low, high) = (install, install + work + (needed * install));
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (work + (install * Math.Max(needed, Math.Ceiling(work / (middle - install)))) > workload.Devices * middle)
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
