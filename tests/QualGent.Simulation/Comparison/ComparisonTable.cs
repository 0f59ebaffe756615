using System.Globalization;
using System.Text;

namespace QualGent.Simulation.Comparison;

/// <summary>The figures of one workload under several policies, as a table.</summary>
internal static class ComparisonTable
{
    public static string Of(IReadOnlyList<History> histories)
    {
        var workload = histories[0].Workload;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{workload.Name}: {workload.Jobs.Count()} jobs in {workload.Runs.Count} runs of {workload.Runs.Select(run => run.Org).Distinct().Count()} organisations on {workload.Devices} devices, installation {workload.InstallMs / 1000} s, lower bound {LowerBound.MakespanMs(workload) / 1000:0} s");
        text.AppendLine("| policy | makespan / lower bound | installs per job | wait p50 s | p95 s | max s | run p95 s | high priority p95 s | Jain | yields per job |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var history in histories)
        {
            var waits = history.Waits(_ => true);
            var high = history.Waits(run => run.Priority > 5);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {history.Policy} | {history.MakespanRatio:0.00} | {history.InstallsPerJob:0.000} | {History.Percentile(waits, 0.5):0} | {History.Percentile(waits, 0.95):0} | {waits[^1]:0} | {History.Percentile(history.Turnarounds(_ => true), 0.95):0} | {(high.Count == 0 ? "-" : History.Percentile(high, 0.95).ToString("0", CultureInfo.InvariantCulture))} | {history.Jain:0.00} | {history.YieldsPerJob:0.000} |");
        }

        return text.ToString();
    }
}
