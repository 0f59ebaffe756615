using System.CommandLine;
using System.Text.Json;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob list</c></summary>
internal static class ListCommand
{
    private static readonly Option<string?> s_orgId = new("--org-id") { Description = "Only of this organisation.", HelpName = "id" };
    private static readonly Option<string?> s_runId = new("--run-id") { Description = "Only of this run.", HelpName = "id" };
    private static readonly Option<string?> s_status = new("--status") { Description = $"Only in this state: {Statuses}.", HelpName = "state" };
    private static readonly Option<string?> s_appVersionId = new("--app-version-id") { Description = "Only of this app build.", HelpName = "id" };
    private static readonly Option<string?> s_target = new("--target") { Description = $"Only for this target: {string.Join(", ", Targets.All)}.", HelpName = "target" };
    private static readonly Option<string?> s_limit = new("--limit") { Description = $"At most so many, 1 to {Limits.PageSizeMax}. Default: {Limits.PageSizeDefault}.", HelpName = "n" };
    private static readonly Option<bool> s_all = new("--all") { Description = "All pages." };

    private static string Statuses => string.Join(", ", Enum.GetNames<JobStatus>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    public static Command Build(CommonOptions common)
    {
        var command = new Command("list", "Lists jobs, newest first.") { s_orgId, s_runId, s_status, s_appVersionId, s_target, s_limit, s_all };
        command.SetAction((parse, cancellationToken) => RunAsync(common, parse, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommonOptions common, ParseResult parse, CancellationToken cancellationToken)
    {
        var query = Read(parse);
        var client = common.Connect(parse);
        var page = parse.GetValue(s_all) ? await ReadAllAsync(client, query, cancellationToken) : await client.ListJobsAsync(query, cancellationToken);
        var surroundings = common.Surroundings;
        if (parse.GetValue(common.Json))
        {
            Documents.Write(surroundings.Out, page, ContractsJson.Default.JobPage);
            return ExitCodes.Ok;
        }

        if (page.Jobs.Count == 0)
        {
            surroundings.Error.Line("No jobs match.");
            return ExitCodes.Ok;
        }

        var now = surroundings.Time.GetUtcNow();
        var table = new TextTable(2, "JOB", "STATE", "TEST", "APP", "AGE");
        foreach (var job in page.Jobs)
        {
            table.Add((job.Id, Tone.Plain), (JobWords.State(job), JobWords.ToneOf(job)), (job.TestPath, Tone.Plain), (job.AppVersionId, Tone.Plain), (TextForm.Age(now - job.CreatedAt), Tone.Faint));
        }

        table.Write(surroundings.Out);
        if (page.NextCursor is not null)
        {
            surroundings.Error.Line(surroundings.Error.Paint("There are more; add --all or --limit, or narrow it down.", Tone.Faint));
        }

        return ExitCodes.Ok;
    }

    private static JobQuery Read(ParseResult parse)
    {
        var mistakes = new Mistakes("list");
        var limit = mistakes.Number("--limit", parse.GetValue(s_limit));
        if (limit is < 1 or > Limits.PageSizeMax)
        {
            mistakes.Add("--limit", $"is {limit}; it must be from 1 to {Limits.PageSizeMax}");
        }

        if (limit is not null && parse.GetValue(s_all))
        {
            mistakes.Add("--limit", "has no meaning with --all");
        }

        JobStatus? status = null;
        if (parse.GetValue(s_status) is { } text)
        {
            status = Enum.TryParse<JobStatus>(text, ignoreCase: true, out var known) && !char.IsDigit(text[0]) ? known : null;
            if (status is null)
            {
                mistakes.Add("--status", $"'{text}' is unknown; use one of {Statuses}");
            }
        }

        if (parse.GetValue(s_target) is { } target && !Targets.All.Contains(target))
        {
            mistakes.Add("--target", $"'{target}' is unknown; use one of {string.Join(", ", Targets.All)}");
        }

        mistakes.ThrowIfAny();
        return new JobQuery
        {
            OrgId = parse.GetValue(s_orgId),
            RunId = parse.GetValue(s_runId),
            Status = status,
            AppVersionId = parse.GetValue(s_appVersionId),
            Target = parse.GetValue(s_target),
            Limit = limit,
        };
    }

    private static async Task<JobPage> ReadAllAsync(QualGentClient client, JobQuery query, CancellationToken cancellationToken)
    {
        var jobs = new List<JobView>();
        await foreach (var page in client.ListAllJobsAsync(query, cancellationToken))
        {
            jobs.AddRange(page.Jobs);
        }

        return new JobPage(jobs, null);
    }
}
