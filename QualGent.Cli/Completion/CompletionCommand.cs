using System.CommandLine;
using QualGent.Cli.CommandLine;

namespace QualGent.Cli.Completion;

/// <summary><c>qgjob completion</c>: prints what makes a shell complete command lines of qgjob.</summary>
internal static class CompletionCommand
{
    /// <summary>Each has a script <c>qgjob.SHELL</c> in this folder, which is part of the program.</summary>
    private static readonly string[] s_shells = ["bash", "zsh", "fish"];

    public static Command Build(CommonOptions common)
    {
        var shell = new Argument<string>("shell") { Description = $"{string.Join(", ", s_shells)}." };
        shell.AcceptOnlyFromAmong(s_shells);
        var command = new Command("completion", "Prints a script that makes your shell complete commands, options and values of qgjob.") { shell };
        command.SetAction(parse =>
        {
            using var script = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"qgjob.{parse.GetValue(shell)}")!);
            common.Surroundings.Out.Writer.Write(script.ReadToEnd());
            return ExitCodes.Ok;
        });
        return command;
    }
}
