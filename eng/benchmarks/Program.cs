using System.Runtime.InteropServices;
using QualGent.Bench.Batches;
using QualGent.Bench.Bundles;
using QualGent.Bench.CommandLine;
using QualGent.Bench.IdleStart;
using QualGent.Bench.Memory;
using QualGent.Bench.Processed;
using QualGent.Bench.Results;
using QualGent.Bench.ServerTime;
using QualGent.Bench.Submit;
using QualGent.Bench.Support;

namespace QualGent.Bench;

/// <summary>Compares QualGent with its peers in one run on one machine. <c>eng/bench</c> prepares what it needs and starts it.</summary>
internal static class Program
{
    private const int Interrupted = 130;

    private static readonly OrderedDictionary<string, Func<Report, CancellationToken, Task>> s_scheduler = new()
    {
        ["submit"] = SubmitBench.RunAsync,
        ["bulk"] = BulkBench.RunAsync,
        ["processed"] = ProcessedBench.RunAsync,
        ["idle-start"] = IdleStartBench.RunAsync,
        ["server"] = QueueLengthBench.RunAsync,
        ["finished"] = FinishedJobsBench.RunAsync,
        ["claim"] = ClaimSizeBench.RunAsync,
        ["memory"] = MemoryBench.RunAsync,
    };

    private static readonly OrderedDictionary<string, Func<Report, CancellationToken, Task>> s_results = new()
    {
        ["log"] = LogBench.RunAsync,
        ["fan-out"] = FanOutBench.RunAsync,
        ["transfer"] = TransferBench.RunAsync,
        ["bundle"] = BundleBench.RunAsync,
    };

    private static readonly OrderedDictionary<string, Func<Report, CancellationToken, Task>> s_all = new([.. s_scheduler, new("batches", BatchBench.RunAsync), new("cli", CommandLineBench.RunAsync), .. s_results]);

    public static async Task<int> Main(string[] args)
    {
        // Measurements end their processes when they are cancelled.
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        var report = new Report();
        try
        {
            foreach (var name in NamesOf(args))
            {
                Console.WriteLine($"== {name}");
                await report.MeasureAsync(name, () => s_all[name](report, stop.Token), stop.Token);
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }

        if (args is ["smoke" or "scheduler" or "results"])
        {
            await Document.WriteAsync(report.Rows, keepOthers: args is not ["smoke"], CancellationToken.None);
        }

        return 0;
    }

    private static IEnumerable<string> NamesOf(string[] args) => args switch
    {
        ["smoke"] => s_all.Keys,
        ["scheduler"] => s_scheduler.Keys,
        ["results"] => s_results.Keys,
        _ => args,
    };
}
