using System.CommandLine;
using QualGent.Cli.Projects;

namespace QualGent.Cli.CommandLine;

/// <summary>
/// Finds mistakes the parser lets pass: it takes <c>--wiat</c> behind <c>--test a.spec.ts</c> for another test, <c>--jobid=x</c>
/// for an id, and drops <c>--test=</c> (an empty variable in a CI script) when there is another <c>--test</c>.
/// </summary>
internal static class ArgumentCheck
{
    /// <exception cref="CliException">There is one.</exception>
    public static void Refuse(IEnumerable<string> args, Command command)
    {
        var known = CommandTree.OptionsOf(command).SelectMany(option => option.Aliases.Prepend(option.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var arg in args.TakeWhile(arg => arg != "--"))
        {
            var name = arg.Split('=', ':')[0];
            if (known.Contains(name) && arg.Length == name.Length + 1)
            {
                throw new CliException(ExitCodes.Usage, $"{name} has no value.", $"See: {CommandTree.PathOf(command)} --help");
            }

            if (name.StartsWith('-') && name.Length > 1 && !char.IsDigit(name[1]) && !known.Contains(name))
            {
                var near = known.Where(option => option.StartsWith("--", StringComparison.Ordinal)).MinBy(option => Likeness.Distance(name, option))!;
                string[] lines = Likeness.Distance(name, near) <= 3
                    ? [$"There is no option {name}. Did you mean {near}?"]
                    : [$"There is no option {name}.", $"See: {CommandTree.PathOf(command)} --help"];
                throw new CliException(ExitCodes.Usage, lines);
            }
        }
    }
}
