using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Runs;

/// <summary><c>qgjob run list</c></summary>
internal static class RunListCommand
{
    public static Command Build(CommonOptions common)
    {
        var options = new RunListOptions();
        var command = new Command("list", "Lists runs, newest first.");
        options.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(common, options, parse, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommonOptions common, RunListOptions options, ParseResult parse, CancellationToken cancellationToken)
    {
        var query = options.Read(parse);
        var surroundings = common.Surroundings;
        var page = await ReadAsync(common.Connect(parse), query, cancellationToken);
        if (parse.GetValue(common.Json))
        {
            Documents.Write(surroundings.Out, page, ContractsJson.Default.RunPage);
            return ExitCodes.Ok;
        }

        if (page.Runs.Count == 0)
        {
            surroundings.Error.Line("No runs match.");
            return ExitCodes.Ok;
        }

        var now = surroundings.Time.GetUtcNow();
        var table = new TextTable(3, "RUN", "STATE", "PASSED", "NAME", "APP", "AGE") { Then = [4] };
        foreach (var run in page.Runs)
        {
            table.Add(
                (run.Id, Tone.Plain), (RunSummary.StateOf(run.Verdict), RunSummary.ToneOf(run.Verdict)), ($"{run.Counts.Passed}/{run.Planned}", Tone.Plain), (run.Name ?? "", Tone.Plain), (run.AppVersionId, Tone.Plain),
                (TextForm.Age(now - run.CreatedAt), Tone.Faint));
        }

        table.Write(surroundings.Out);
        if (page.NextCursor is not null)
        {
            surroundings.Error.Line(surroundings.Error.Paint("There are more; add --all or --limit, or narrow it down.", Tone.Faint));
        }

        return ExitCodes.Ok;
    }

    // One call of the API looks at a bounded number of runs: goes on until there are as many as asked for.
    private static async Task<RunPage> ReadAsync(QualGentClient client, RunQuery query, CancellationToken cancellationToken)
    {
        var runs = new List<RunView>();
        var most = query.Limit ?? int.MaxValue;
        while (true)
        {
            var page = await client.ListRunsAsync(query with { Limit = Math.Min(most - runs.Count, Limits.PageSizeMax) }, cancellationToken);
            runs.AddRange(page.Runs);
            if (page.NextCursor is null || page.NextCursor == query.Cursor || runs.Count == most)
            {
                return new RunPage(runs, page.NextCursor);
            }

            query = query with { Cursor = page.NextCursor };
        }
    }
}
