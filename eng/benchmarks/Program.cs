using QualGent.Bench.Batches;
using QualGent.Bench.CommandLine;
using QualGent.Bench.IdleStart;
using QualGent.Bench.Processed;
using QualGent.Bench.ServerTime;
using QualGent.Bench.Submit;
using QualGent.Bench.Support;

namespace QualGent.Bench;

/// <summary>Compares QualGent with its peers in one run on one machine. <c>eng/bench</c> prepares what it needs and starts it.</summary>
internal static class Program
{
    private static readonly IReadOnlyDictionary<string, Func<CancellationToken, Task<IReadOnlyList<Row>>>> s_measures = new Dictionary<string, Func<CancellationToken, Task<IReadOnlyList<Row>>>>
    {
        ["submit"] = SubmitBench.RunAsync,
        ["processed"] = ProcessedBench.RunAsync,
        ["idle-start"] = IdleStartBench.RunAsync,
        ["server"] = ServerTimeBench.RunAsync,
        ["batches"] = BatchBench.RunAsync,
        ["cli"] = CommandLineBench.RunAsync,
    };

    public static async Task<int> Main(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            interrupted.Cancel();
        };
        if (args is ["smoke"])
        {
            var rows = await MeasureAsync(s_measures.Keys, interrupted.Token);
            await Report.WriteAsync(rows, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime), interrupted.Token);
            return 0;
        }

        if (args.Length == 0 || args.Any(name => !s_measures.ContainsKey(name)))
        {
            await Console.Error.WriteLineAsync($"Usage: eng/bench smoke | {string.Join(" | ", s_measures.Keys)}\n'smoke' takes all measurements and writes them into docs/benchmarks.md.");
            return 2;
        }

        await MeasureAsync(args, interrupted.Token);
        return 0;
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        foreach (var name in names)
        {
            Console.WriteLine($"== {name}");
            rows.AddRange(await Guard.RowsAsync(name, () => s_measures[name](cancellationToken)));
        }

        Console.WriteLine();
        foreach (var row in rows)
        {
            Report.Print(row);
        }

        return rows;
    }
}
