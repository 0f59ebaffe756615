using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;

namespace QualGent.Cli.Tests.Fixtures;

/// <summary>What one invocation printed and ended with.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error);

/// <summary>Runs <c>qgjob</c> inside the test, with its own surroundings.</summary>
internal static class Qgjob
{
    /// <param name="args">The command line.</param>
    /// <param name="folder">Folder it is called in.</param>
    /// <param name="variables">Its environment.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="columns">Width of the terminal that its output goes to; null for a pipe.</param>
    public static async Task<Outcome> RunAsync(IEnumerable<string> args, string? folder = null, IReadOnlyDictionary<string, string>? variables = null, TimeProvider? time = null, int? columns = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string? Read(string name) => variables?.GetValueOrDefault(name);
        var surroundings = new Surroundings
        {
            Out = Screen.Of(output, isTerminal: columns is not null, Read) with { Columns = () => columns ?? 0 },
            Error = Screen.Of(error, isTerminal: false, Read),
            Variable = Read,
            Folder = folder ?? Path.GetTempPath(),
            Time = time ?? TimeProvider.System,
        };
        var code = await QgjobCommand.RunAsync([.. args], surroundings);
        return new Outcome(code, output.ToString(), error.ToString());
    }
}
