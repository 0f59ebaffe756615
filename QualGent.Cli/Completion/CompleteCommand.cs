using System.CommandLine;
using QualGent.Cli.CommandLine;

namespace QualGent.Cli.Completion;

/// <summary>
/// <c>qgjob complete -- WORD…</c>, which the scripts call at every tab: what may stand in the place of the last word, a line each.
/// Nothing where only the shell can know, which then offers files.
/// </summary>
internal static class CompleteCommand
{
    public static Command Build(CommonOptions common)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("complete", "What may stand in the place of the last word.") { words };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            foreach (var candidate in Find(parse.RootCommandResult.Command, parse.GetValue(words) ?? []))
            {
                common.Surroundings.Out.Line(candidate);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The candidates, in order.</summary>
    /// <param name="root">The command tree.</param>
    /// <param name="words">
    /// What stands behind the program's name up to the cursor; the last one is unfinished, perhaps empty. <c>--verdict=pa</c> is
    /// one word for some shells, and three for bash, which takes what it is given as the end of the third.
    /// </param>
    private static IEnumerable<string> Find(Command root, IReadOnlyList<string> words)
    {
        var (command, places, awaited) = (root, 0, (Option?)null);
        foreach (var word in words.SkipLast(1).Where(word => word != "="))
        {
            if (word.StartsWith('-'))
            {
                awaited = OptionOf(command, word) is { } option && TakesValue(option) ? option : null;
            }
            else if (awaited is not null)
            {
                awaited = null;
            }
            else if (places == 0 && command.Subcommands.FirstOrDefault(verb => verb.Name == word) is { } next)
            {
                command = next;
            }
            else
            {
                places++;
            }
        }

        var last = words is [.., var unfinished] && unfinished != "=" ? unfinished : "";
        return At(command, places, awaited, last).Where(candidate => candidate.StartsWith(last, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> At(Command command, int places, Option? awaited, string last)
    {
        if (awaited is not null)
        {
            return ValuesOf(awaited);
        }

        var options = CommandTree.OptionsOf(command).Where(option => !option.Hidden).Select(option => option.Name);
        if (last.StartsWith('-'))
        {
            return last.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                ? OptionOf(command, last[..at]) is { } option ? ValuesOf(option).Select(value => last[..(at + 1)] + value) : []
                : options;
        }

        if (places < command.Arguments.Count)
        {
            return ValuesOf(command.Arguments[places]);
        }

        var verbs = command.Subcommands.Where(verb => places == 0 && !verb.Hidden).Select(verb => verb.Name);
        return verbs.Any() || last.Length > 0 ? verbs : options;
    }

    private static Option? OptionOf(Command command, string name) => CommandTree.OptionsOf(command).FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static IEnumerable<string> ValuesOf(Symbol symbol) => symbol.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(item => item.Label);
}
