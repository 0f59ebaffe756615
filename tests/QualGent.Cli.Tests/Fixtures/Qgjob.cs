using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;

namespace QualGent.Cli.Tests.Fixtures;

/// <summary>What one invocation printed and ended with.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error);

/// <summary>Runs <c>qgjob</c> inside the test, with its own surroundings.</summary>
internal static class Qgjob
{
    public static async Task<Outcome> RunAsync(IEnumerable<string> args, string? folder = null, IReadOnlyDictionary<string, string>? variables = null, TimeProvider? time = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string? Read(string name) => variables?.GetValueOrDefault(name);
        var surroundings = new Surroundings
        {
            Out = Screen.Of(output, isTerminal: false, Read),
            Error = Screen.Of(error, isTerminal: false, Read),
            Variable = Read,
            Folder = folder ?? Path.GetTempPath(),
            Time = time ?? TimeProvider.System,
        };
        var code = await QgjobCommand.RunAsync([.. args], surroundings);
        return new Outcome(code, output.ToString(), error.ToString());
    }
}
