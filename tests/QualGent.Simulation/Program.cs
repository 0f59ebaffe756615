using System.Globalization;
using QualGent.Simulation.Comparison;
using QualGent.Simulation.Faults;

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
        if (SimulationOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync("eng/sim --help says what can be asked.");
            return 2;
        }

        try
        {
            await (options.Compares ? ComparisonRun.RunAsync(options.Seed ?? 1, interrupted.Token) : SimulateAsync(options, interrupted.Token));
            return 0;
        }
        catch (SimulationException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task SimulateAsync(SimulationOptions options, CancellationToken cancellationToken)
    {
        await using var simulator = await Simulator.StartAsync(options.Crashes, cancellationToken);
        if (options.Seed is { } seed)
        {
            var told = await simulator.RunAsync(seed, options.Steps, cancellationToken);
            Console.WriteLine(string.Join('\n', told));
            return;
        }

        var (first, done) = (Random.Shared.Next(1 << 20), 0);
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(options.Minutes); done++)
        {
            await simulator.RunAsync(first + done, options.Steps, cancellationToken);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} simulations of {options.Steps} steps with {simulator.Faults} faults{(options.Crashes ? ", kills of Redis among them" : "")}, seeds {first} to {first + done - 1}: every promise held after every step."));
    }
}
