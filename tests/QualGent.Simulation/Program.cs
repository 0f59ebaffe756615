using System.Globalization;
using QualGent.Simulation.Comparison;

namespace QualGent.Simulation;

/// <summary>The simulator's command line; <c>eng/sim</c> builds and starts it.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            interrupted.Cancel();
        };
        var seed = 1;
        if (args is not ["--compare"] && !(args is ["--compare", "--seed", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed)))
        {
            await Console.Error.WriteLineAsync("Usage: eng/sim --compare [--seed N]");
            return 2;
        }

        await ComparisonRun.RunAsync(seed, interrupted.Token);
        return 0;
    }
}
