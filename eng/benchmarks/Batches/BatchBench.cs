using System.Text.Json;
using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.Batches;

/// <summary>Files in one AppWright process against one process each, on the virtual device: the runner's own measurement.</summary>
internal static class BatchBench
{
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        string[] arguments = [Path.Combine(Repository.Root, "QualGent.Worker/runner/bench/batch.mjs"), "1,5,10"];
        var output = await Programs.RunAsync("node", arguments, new Dictionary<string, string>(), cancellationToken);

        // {"files":10,"together_ms":5021,"alone_ms":31007,"ratio":0.16}
        foreach (var line in output.Split('\n').Where(line => line.StartsWith("{\"files\"", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var files = root.GetProperty("files").GetInt32();
            var (together, alone) = (root.GetProperty("together_ms").GetDouble(), root.GetProperty("alone_ms").GetDouble());
            var measure = $"{files} file{(files == 1 ? "" : "s")} in one batch, of one process each";
            var figures = $"{together / 1000:0.0} s together, {alone / 1000:0.0} s alone";
            report.Add(files == 10 ? Row.AtMost(measure, together / alone, 1 / 3.0, figures) : Row.Known(measure, together / alone, figures));
        }
    }
}
