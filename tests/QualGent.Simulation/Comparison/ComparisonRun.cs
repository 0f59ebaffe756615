using System.Globalization;
using QualGent.Testing;

namespace QualGent.Simulation.Comparison;

/// <summary>Runs the workloads under all policies and prints what issue and README quote.</summary>
internal static class ComparisonRun
{
    private const double Hours = 1.5;
    private const double Load = 0.4;
    private const int NoisyJobs = 6000;

    public static async Task RunAsync(int seed, CancellationToken cancellationToken)
    {
        var burst = await BurstAsync(Workloads.Burst(seed), cancellationToken);
        await BurstAsync(Workloads.Burst(seed, installMs: 120_000), cancellationToken);
        Console.WriteLine($"lower bound: {LowerBound.Formula}");
        var picture = Path.Combine(Repository.Root, "docs", "scheduling.svg");
        await File.WriteAllTextAsync(picture, Picture.Draw([burst[0], burst[2], burst[^1]]), cancellationToken);
        Console.WriteLine($"picture: docs/{Path.GetFileName(picture)}\n");

        var calm = await AllAsync(Workloads.Stream(seed, Load, Hours), cancellationToken);
        var noisy = await AllAsync(Workloads.Stream(seed, Load, Hours, NoisyJobs), cancellationToken);
        Console.WriteLine(ComparisonTable.Of(calm.Histories));
        Print("stream", calm.Forecasts, calm.Histories[^1]);
        Console.WriteLine(ComparisonTable.Of(noisy.Histories));
        Print("stream with noise", noisy.Forecasts, noisy.Histories[^1]);
        foreach (var (without, with) in calm.Histories.Zip(noisy.Histories))
        {
            var others = (PlannedRun run) => run.Org != Workloads.Noisy;
            Print($"{with.Policy}: others' p95 wait with / without the noisy organisation", History.Percentile(with.Waits(others), 0.95) / without.WaitP95, "at most 1.5");
            Print($"{with.Policy}: others' p95 of a run with / without", History.Percentile(with.Turnarounds(others), 0.95) / History.Percentile(without.Turnarounds(others), 0.95), "at most 1.5");
        }
    }

    private static async Task<IReadOnlyList<History>> BurstAsync(Workload workload, CancellationToken cancellationToken)
    {
        var (histories, forecasts) = await AllAsync(workload, cancellationToken);
        var (fifo, ours) = (histories[0], histories[^1]);
        Console.WriteLine(ComparisonTable.Of(histories));
        Print($"{workload.Name}: makespan / lower bound", ours.MakespanRatio, "at most 1.25");
        Print($"{workload.Name}: installs per job / FIFO's", ours.InstallsPerJob / fifo.InstallsPerJob, "at most 0.2");
        Print($"{workload.Name}: p95 wait / FIFO's", ours.WaitP95 / fifo.WaitP95, "at most 0.5");
        Print($"{workload.Name}: Jain", ours.Jain, "at least 0.9");
        Print($"{workload.Name}: lower bound of the p95 wait / FIFO's, of schedules that know every duration", LowerBound.WaitP95Ms(workload, knowsDurations: true) / 1000 / fifo.WaitP95, "none");
        Print($"{workload.Name}: the same, of schedules that do not", LowerBound.WaitP95Ms(workload, knowsDurations: false) / 1000 / fifo.WaitP95, "none");
        Print(workload.Name, forecasts, ours);
        return histories;
    }

    // The workload under every policy, FIFO first, ours last; and what ours told waiting jobs.
    private static async Task<(IReadOnlyList<History> Histories, Forecasts Forecasts)> AllAsync(Workload workload, CancellationToken cancellationToken)
    {
        await using var ours = await QualGentPolicy.StartAsync(workload, cancellationToken);
        var histories = new List<History>();
        foreach (var policy in (IPolicy[])[new FifoPolicy(workload.Devices), new FifoPolicy(workload.Devices, runByRun: true), new StrictGroupPolicy(workload.Devices), ours])
        {
            histories.Add(await new Fleet(workload, policy).RunAsync(cancellationToken));
        }

        return (histories, ours.Forecasts);
    }

    private static void Print(string scenario, Forecasts forecasts, History history)
    {
        var (error, inTime) = forecasts.Judge(history);
        Print(string.Create(CultureInfo.InvariantCulture, $"{scenario}: median error of the expected start / wait, {forecasts.Count} answers"), error, "at most 0.5");
        Print($"{scenario}: share that started by the p90 they were told", inTime, "about 0.9");
    }

    private static void Print(string what, double value, string target) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:0.00} (target {target})"));
}
