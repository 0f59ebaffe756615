using QualGent.Cli.Output;

namespace QualGent.Cli;

/// <summary>Everything a command takes from outside its arguments.</summary>
internal sealed record Surroundings
{
    /// <summary>For results.</summary>
    public required Screen Out { get; init; }

    /// <summary>For progress, hints and errors.</summary>
    public required Screen Error { get; init; }

    /// <summary>An environment variable; null where it is missing or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The current folder.</summary>
    public required string Folder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those of this process.</summary>
    public static Surroundings OfThisProcess() => new()
    {
        Out = Screen.Of(Console.Out, !Console.IsOutputRedirected, Read),
        Error = Screen.Of(Console.Error, !Console.IsErrorRedirected, Read),
        Variable = Read,
        Folder = Environment.CurrentDirectory,
    };

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
