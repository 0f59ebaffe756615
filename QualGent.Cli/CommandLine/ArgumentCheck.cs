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
        var known = KnownTo(command);
        foreach (var arg in args.TakeWhile(arg => arg != "--"))
        {
            var name = arg.Split('=', ':')[0];
            if (known.Contains(name) && arg.Length == name.Length + 1)
            {
                throw new CliException(ExitCodes.Usage, $"{name} has no value.", $"See: qgjob {command.Name} --help");
            }

            if (name.StartsWith('-') && name.Length > 1 && !char.IsDigit(name[1]) && !known.Contains(name))
            {
                var near = known.Where(option => option.StartsWith("--", StringComparison.Ordinal)).MinBy(option => Likeness.Distance(name, option))!;
                string[] lines = Likeness.Distance(name, near) <= 3
                    ? [$"There is no option {name}. Did you mean {near}?"]
                    : [$"There is no option {name}.", $"See: qgjob {command.Name} --help"];
                throw new CliException(ExitCodes.Usage, lines);
            }
        }
    }

    private static HashSet<string> KnownTo(Command command)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var (level, own) = (command, true); level is not null; (level, own) = (level.Parents.OfType<Command>().FirstOrDefault(), false))
        {
            foreach (var option in level.Options.Where(option => own || option.Recursive))
            {
                known.Add(option.Name);
                known.UnionWith(option.Aliases);
            }
        }

        return known;
    }
}
