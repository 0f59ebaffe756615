using System.Globalization;

namespace QualGent.Simulation;

/// <summary>What the command line asks for: a comparison, one seed, or fresh seeds for some time.</summary>
internal sealed record SimulationOptions
{
    public bool Compares { get; init; }

    public bool Crashes { get; init; }

    public int? Seed { get; init; }

    public int Steps { get; init; } = 300;

    public double Minutes { get; init; }

    /// <summary>Null when the arguments make no sense.</summary>
    public static SimulationOptions? Parse(string[] args)
    {
        var options = new SimulationOptions();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number) ? number : -1;
            switch (args[i])
            {
                case "--compare":
                    options = options with { Compares = true };
                    continue;
                case "--crashes":
                    options = options with { Crashes = true };
                    continue;
                case "--seed" when value >= 0:
                    options = options with { Seed = (int)value };
                    break;
                case "--steps" when value > 0:
                    options = options with { Steps = (int)value };
                    break;
                case "--minutes" when value > 0:
                    options = options with { Minutes = value };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options is { Compares: true, Crashes: false, Minutes: 0 } or { Compares: false, Seed: not null, Minutes: 0 } or { Compares: false, Seed: null, Minutes: > 0 } ? options : null;
    }
}
