using System.Globalization;

namespace QualGent.Testing;

/// <summary>How much a fuzz test does: 500 cases of seed 1, or what <c>eng/fuzz</c> asks for. A case follows from its number and the seed alone.</summary>
public static class FuzzRun
{
    /// <summary>Number of cases; <c>FUZZ_CASES</c>.</summary>
    public static int Cases { get; } = Setting("FUZZ_CASES", 500);

    /// <summary>Seed of all cases; <c>FUZZ_SEED</c>.</summary>
    public static int Seed { get; } = Setting("FUZZ_SEED", 1);

    /// <summary>The choices of one case.</summary>
    public static Random Random(int number) => new((Seed * 1_000_003) ^ number);

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
