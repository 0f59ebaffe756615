using System.CommandLine;
using QualGent.Contracts;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Jobs;

/// <summary>The options of <c>qgjob list</c>.</summary>
internal sealed class ListOptions
{
    private static readonly string s_targets = string.Join(", ", Targets.All);

    public Option<string?> OrgId { get; } = new("--org-id") { Description = "Only of this organisation.", HelpName = "id" };

    public Option<string?> RunId { get; } = new("--run-id") { Description = "Only of this run.", HelpName = "id" };

    public Option<string?> Status { get; } = new("--status") { Description = $"Only in this state: {WireNames.Of<JobStatus>()}.", HelpName = "state", CompletionSources = { WireNames.Of<JobStatus>().Split(", ") } };

    public Option<string?> AppVersionId { get; } = new("--app-version-id") { Description = "Only of this app build.", HelpName = "id" };

    public Option<string?> Target { get; } = new("--target") { Description = $"Only for this target: {s_targets}.", HelpName = "target", CompletionSources = { s_targets.Split(", ") } };

    public Option<string?> Limit { get; } = new("--limit") { Description = $"At most so many, 1 to {Limits.PageSizeMax}. Default: {Limits.PageSizeDefault}.", HelpName = "n" };

    public Option<bool> All { get; } = new("--all") { Description = "All pages." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[OrgId, RunId, Status, AppVersionId, Target, Limit, All])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked, with every mistake that can be known without asking the server.</summary>
    /// <exception cref="CliException">There are mistakes.</exception>
    public JobQuery Read(ParseResult parse)
    {
        var mistakes = new Mistakes(parse);
        var limit = mistakes.PageSize("--limit", parse.GetValue(Limit), parse.GetValue(All));
        var status = mistakes.Choice<JobStatus>("--status", parse.GetValue(Status));
        if (parse.GetValue(Target) is { } target && !Targets.All.Contains(target))
        {
            mistakes.Add("--target", $"'{target}' is unknown; use one of {s_targets}");
        }

        mistakes.ThrowIfAny();
        return new JobQuery
        {
            OrgId = parse.GetValue(OrgId),
            RunId = parse.GetValue(RunId),
            Status = status,
            AppVersionId = parse.GetValue(AppVersionId),
            Target = parse.GetValue(Target),
            Limit = limit,
        };
    }
}
