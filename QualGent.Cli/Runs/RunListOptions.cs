using System.CommandLine;
using QualGent.Cli.Jobs;
using QualGent.Contracts;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Runs;

/// <summary>The options of <c>qgjob run list</c>.</summary>
internal sealed class RunListOptions
{
    public Option<string?> OrgId { get; } = new("--org-id") { Description = "Only of this organisation.", HelpName = "id" };

    public Option<string?> State { get; } = new("--state") { Description = $"Only in this state: {WireNames.Of<RunState>()}.", HelpName = "state", CompletionSources = { WireNames.Of<RunState>().Split(", ") } };

    public Option<string?> Verdict { get; } = new("--verdict") { Description = $"Only with this verdict: {WireNames.Of<RunVerdict>()}.", HelpName = "verdict", CompletionSources = { WireNames.Of<RunVerdict>().Split(", ") } };

    public Option<string?> AppVersionId { get; } = new("--app-version-id") { Description = "Only of this app build.", HelpName = "id" };

    public Option<string?> Name { get; } = new("--name") { Description = "Only with this in their name, in any case.", HelpName = "text" };

    public Option<string?> Limit { get; } = new("--limit") { Description = $"At most so many, 1 to {Limits.PageSizeMax}. Default: {Limits.PageSizeDefault}.", HelpName = "n" };

    public Option<bool> All { get; } = new("--all") { Description = "All there are." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[OrgId, State, Verdict, AppVersionId, Name, Limit, All])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked, without a limit for all there are.</summary>
    /// <exception cref="CliException">There are mistakes.</exception>
    public RunQuery Read(ParseResult parse)
    {
        var mistakes = new Mistakes(parse);
        var limit = mistakes.PageSize("--limit", parse.GetValue(Limit), parse.GetValue(All));
        var query = new RunQuery
        {
            OrgId = parse.GetValue(OrgId),
            State = mistakes.Choice<RunState>("--state", parse.GetValue(State)),
            Verdict = mistakes.Choice<RunVerdict>("--verdict", parse.GetValue(Verdict)),
            AppVersionId = parse.GetValue(AppVersionId),
            Name = parse.GetValue(Name),
            Limit = parse.GetValue(All) ? null : limit ?? Limits.PageSizeDefault,
        };
        mistakes.ThrowIfAny();
        return query;
    }
}
