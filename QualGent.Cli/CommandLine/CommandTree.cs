using System.CommandLine;

namespace QualGent.Cli.CommandLine;

/// <summary>Questions to the tree of commands.</summary>
internal static class CommandTree
{
    /// <summary>How a command is called, e.g. <c>qgjob run watch</c>.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "qgjob";

    /// <summary>The options that may stand behind a command: its own, and those of the levels above that hold everywhere.</summary>
    public static IEnumerable<Option> OptionsOf(Command command)
    {
        for (var (level, own) = (command, true); level is not null; (level, own) = (level.Parents.OfType<Command>().FirstOrDefault(), false))
        {
            foreach (var option in level.Options.Where(option => own || option.Recursive))
            {
                yield return option;
            }
        }
    }
}
