using System.Globalization;

namespace QualGent.Simulation.Comparison;

/// <summary>Makes workloads from seeds: organisations of very different size, runs of very different length, files of very different duration.</summary>
internal sealed class Workloads(int seed)
{
    private const int Orgs = 20;
    private const int RunMax = 2000;
    private const double MeanJobMs = 30_000;
    private readonly Random _random = new(seed);
    private readonly List<PlannedRun> _runs = [];

    /// <summary>Everything at once: 40 jobs per device at the beginning.</summary>
    public static Workload Burst(int seed, int devices = 50, int jobsPerDevice = 40, long installMs = 60_000)
    {
        var workloads = new Workloads(seed);
        // One millisecond apart, so that the order of arrival is no accident of ids.
        for (var jobs = 0; jobs < devices * jobsPerDevice;)
        {
            jobs += workloads.AddRun(workloads._runs.Count, (devices * jobsPerDevice) - jobs);
        }

        return workloads.Done(string.Create(CultureInfo.InvariantCulture, $"burst, installation {installMs / 1000} s"), devices) with { InstallMs = installMs };
    }

    /// <summary>Runs arrive at random for some time.</summary>
    /// <param name="seed">Of the workload.</param>
    /// <param name="load">Share of the devices' time that the jobs alone take.</param>
    /// <param name="hours">Time of arrivals.</param>
    /// <param name="noisyJobs">Jobs that one further organisation drops after a quarter of the time, in runs of 2,000; 0 for none.</param>
    /// <param name="devices">Number of devices.</param>
    public static Workload Stream(int seed, double load, double hours, int noisyJobs = 0, int devices = 50)
    {
        var workloads = new Workloads(seed);
        var arrivals = new SortedSet<long>();
        var horizonMs = hours * 3_600_000;
        // Sizes first: then the number of runs follows, and arrivals spread evenly at random (a Poisson process, given its number).
        var sizes = new List<int>();
        for (var left = (int)(load * devices * horizonMs / MeanJobMs); left > 0; left -= sizes[^1])
        {
            sizes.Add(Math.Min(left, workloads.RunSize()));
        }

        while (arrivals.Count < sizes.Count)
        {
            arrivals.Add((long)(workloads._random.NextDouble() * horizonMs));
        }

        foreach (var (atMs, size) in arrivals.Zip(sizes))
        {
            workloads.AddRun(atMs, size, size);
        }

        if (noisyJobs > 0)
        {
            workloads.AddNoise((long)(horizonMs / 4), noisyJobs);
        }

        return workloads.Done(string.Create(CultureInfo.InvariantCulture, $"load {load:0.##}{(noisyJobs > 0 ? $" and one organisation drops {noisyJobs} jobs" : "")}"), devices);
    }

    private void AddNoise(long atMs, int jobs)
    {
        for (var version = 1; jobs > 0; version++, jobs -= RunMax)
        {
            _runs.Add(new PlannedRun(_runs.Count, Noisy, $"noisy-{version}", 5, atMs + version, Durations(Math.Min(jobs, RunMax))));
        }
    }

    /// <summary>Name of the organisation that drops much at once.</summary>
    public const string Noisy = "noisy";

    private int AddRun(long atMs, int most, int? size = null)
    {
        var jobs = Math.Min(most, size ?? RunSize());
        var priority = _random.NextDouble() switch { < 0.1 => 7, > 0.9 => 2, _ => 5 };
        _runs.Add(new PlannedRun(_runs.Count, Org(), string.Create(CultureInfo.InvariantCulture, $"v{_runs.Count}"), priority, atMs, Durations(jobs)));
        return jobs;
    }

    // Zipf with exponent 1.1: the largest organisation submits about 30 % of all runs, the smallest about 1 %.
    private string Org()
    {
        var weights = Enumerable.Range(1, Orgs).Select(rank => Math.Pow(rank, -1.1)).ToList();
        var at = _random.NextDouble() * weights.Sum();
        var rank = 0;
        while (rank < Orgs - 1 && (at -= weights[rank]) > 0)
        {
            rank++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"org-{rank + 1:00}");
    }

    // Pareto with exponent 1.2 from 8 on: half of the runs have 8 to 14 files, few have hundreds.
    private int RunSize() => (int)Math.Min(RunMax, 8 * Math.Pow(1 - _random.NextDouble(), -1 / 1.2));

    // Lognormal, sigma 0.8, mean 30 s, times a factor that the files of a version share.
    private List<long> Durations(int jobs)
    {
        var bias = Math.Exp((0.3 * Normal()) - 0.045);
        return [.. Enumerable.Range(0, jobs).Select(_ => Math.Max(1000, (long)(MeanJobMs * bias * Math.Exp((0.8 * Normal()) - 0.32))))];
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private Workload Done(string name, int devices) =>
        new() { Name = name, Devices = devices, InstallMs = 60_000, Runs = [.. _runs.OrderBy(run => run.AtMs)] };
}
