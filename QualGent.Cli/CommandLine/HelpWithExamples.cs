using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using QualGent.Cli.Output;

namespace QualGent.Cli.CommandLine;

/// <summary>The usual help, then examples that can be copied, then the exit codes.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const int PipeWidth = 80;
    private readonly HelpAction _usual;

    public HelpWithExamples(HelpAction usual, Screen screen)
    {
        _usual = usual;
        _usual.MaxWidth = screen.Width ?? PipeWidth;
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var line in Examples.Of(CommandTree.PathOf(parseResult.CommandResult.Command)))
        {
            output.WriteLine("  " + line);
        }

        output.WriteLine();
        output.WriteLine(ExitCodes.Table);
        return ExitCodes.Ok;
    }
}
