using System.Globalization;

namespace QualGent.Simulation.Comparison;

/// <summary>Runs the workloads under all policies and prints what issue and README quote.</summary>
internal static class ComparisonRun
{
    private const double Hours = 1.5;
    private const double Load = 0.4;
    private const int NoisyJobs = 6000;

    public static async Task RunAsync(int seed, CancellationToken cancellationToken)
    {
        var burst = await AllAsync(Workloads.Burst(seed), cancellationToken);
        Console.WriteLine(ComparisonTable.Of(burst));
        var (fifo, ours) = (burst[0], burst[^1]);
        Print("burst: makespan / lower bound", ours.MakespanRatio, "at most 1.25");
        Print("burst: installs per job / FIFO's", ours.InstallsPerJob / fifo.InstallsPerJob, "at most 0.2");
        Print("burst: p95 wait / FIFO's", ours.WaitP95 / fifo.WaitP95, "at most 0.5");
        Print("burst: Jain", ours.Jain, "at least 0.9");
        Console.WriteLine($"lower bound: {LowerBound.Formula}\n");

        var calm = await AllAsync(Workloads.Stream(seed, Load, Hours), cancellationToken);
        var noisy = await AllAsync(Workloads.Stream(seed, Load, Hours, NoisyJobs), cancellationToken);
        Console.WriteLine(ComparisonTable.Of(calm));
        Console.WriteLine(ComparisonTable.Of(noisy));
        foreach (var (without, with) in calm.Zip(noisy))
        {
            var others = (PlannedRun run) => run.Org != Workloads.Noisy;
            Print($"{with.Policy}: others' p95 wait with / without the noisy organisation", History.Percentile(with.Waits(others), 0.95) / without.WaitP95, "at most 1.5");
            Print($"{with.Policy}: others' p95 of a run with / without", History.Percentile(with.Turnarounds(others), 0.95) / History.Percentile(without.Turnarounds(others), 0.95), "at most 1.5");
        }
    }

    /// <summary>The workload under every policy; FIFO first, ours last.</summary>
    public static async Task<IReadOnlyList<History>> AllAsync(Workload workload, CancellationToken cancellationToken)
    {
        await using var ours = await QualGentPolicy.StartAsync(workload, cancellationToken);
        var histories = new List<History>();
        foreach (var policy in (IPolicy[])[new FifoPolicy(workload.Devices), new FifoPolicy(workload.Devices, runByRun: true), new StrictGroupPolicy(workload.Devices), ours])
        {
            histories.Add(await new Fleet(workload, policy).RunAsync(cancellationToken));
        }

        return histories;
    }

    private static void Print(string what, double value, string target) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:0.00} (target {target})"));
}
