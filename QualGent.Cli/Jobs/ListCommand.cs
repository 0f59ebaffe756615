using System.CommandLine;
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
    public static Command Build(CommonOptions common)
    {
        var options = new ListOptions();
        var command = new Command("list", "Lists jobs, newest first.");
        options.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(common, options, parse, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommonOptions common, ListOptions options, ParseResult parse, CancellationToken cancellationToken)
    {
        var query = options.Read(parse);
        var client = common.Connect(parse);
        var page = parse.GetValue(options.All) ? await ReadAllAsync(client, query, cancellationToken) : await client.ListJobsAsync(query, cancellationToken);
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
        var table = new TextTable(2, "JOB", "STATE", "TEST", "APP", "AGE") { Then = [3] };
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
