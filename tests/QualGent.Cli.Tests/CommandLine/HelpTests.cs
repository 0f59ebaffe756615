using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.CommandLine;

public sealed class HelpTests
{
    private const int Columns = 80;

    public static TheoryData<string> Commands => [.. Paths(QgjobCommand.Build(new CommonOptions(Surroundings.OfThisProcess())))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_FitsTheColumnsAndHasAnExampleOfIt(string path)
    {
        var outcome = await Qgjob.RunAsync([.. path.Split(' ').Skip(1), "--help"]);
        Assert.Equal(0, outcome.ExitCode);
        var lines = outcome.Out.Split('\n');
        Assert.DoesNotContain(lines, line => line.TrimEnd().Length > Columns);
        Assert.Contains(lines.SkipWhile(line => line != "Examples:"), line => (line + " ").Contains(path, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Paths(Command command) => [CommandTree.PathOf(command), .. command.Subcommands.Where(verb => !verb.Hidden).SelectMany(Paths)];
}
