using System.CommandLine;
using System.Globalization;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.History;

/// <summary><c>qgjob test list</c></summary>
internal static class TestListCommand
{
    public static Command Build(CommonOptions common)
    {
        var org = new Option<string>("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };
        var flaky = new Option<bool>("--flaky") { Description = "Only tests that passed, of late, after they had failed." };
        var limit = new Option<int?>("--limit") { Description = $"Number of tests to show, 1 to {Limits.PageSizeMax} (default {Limits.PageSizeDefault}).", HelpName = "number" };
        var cursor = new Option<string?>("--cursor") { Description = "Where to go on: the path that the page before ended with.", HelpName = "path" };
        var command = new Command("list", "Lists your tests by path: how often they pass, how long they take, which do not count.") { org, flaky, limit, cursor };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var query = new TestQuery { OrgId = parse.GetValue(org)!, Flaky = parse.GetValue(flaky), Limit = parse.GetValue(limit), Cursor = parse.GetValue(cursor) };
            var page = await common.Connect(parse).ListTestsAsync(query, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, page, ContractsJson.Default.TestPage);
                return ExitCodes.Ok;
            }

            if (page.Tests.Count == 0)
            {
                common.Surroundings.Error.Line(query.Flaky ? "No test passed after it had failed, of late." : "No test has run to an end yet.");
                return ExitCodes.Ok;
            }

            Write(common, page);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(CommonOptions common, TestPage page)
    {
        var now = common.Surroundings.Time.GetUtcNow();
        var table = new TextTable(0, "TEST", "PASS", "FLAKY", "RUNS", "P50", "P90", "LAST RUN");
        foreach (var test in page.Tests)
        {
            table.Add(
                (test.TestPath + (test.Quarantined ? " (in quarantine)" : ""), Tone.Plain),
                (Percent(test.PassRate), test.PassRate < 1 ? Tone.Bad : Tone.Plain),
                (Percent(test.FlakeRate), test.FlakeRate > 0 ? Tone.Warning : Tone.Plain),
                (test.Runs.ToString(CultureInfo.InvariantCulture), Tone.Plain),
                (TextForm.Duration(TimeSpan.FromMilliseconds(test.DurationP50Ms)), Tone.Plain),
                (TextForm.Duration(TimeSpan.FromMilliseconds(test.DurationP90Ms)), Tone.Plain),
                (TextForm.Age(now - test.LastRunAt) + " ago", Tone.Plain));
        }

        table.Write(common.Surroundings.Out);
        WriteFailures(common.Surroundings.Out, page, now);
        if (page.NextCursor is { } next)
        {
            common.Surroundings.Error.Line($"There are more: --cursor='{SafeText.Line(next)}'");
        }
    }

    // Beside the numbers there is no room for a job's id on a terminal.
    private static void WriteFailures(Screen screen, TestPage page, DateTimeOffset now)
    {
        var table = new TextTable(0, "LAST FAILURE OF", "CODE", "WHEN", "JOB");
        foreach (var (test, failure) in page.Tests.Where(test => test.LastFailures.Count > 0).Select(test => (test, test.LastFailures[0])))
        {
            table.Add((test.TestPath, Tone.Plain), (failure.Code, Tone.Bad), (TextForm.Age(now - failure.At) + " ago", Tone.Plain), (failure.JobId, Tone.Plain));
        }

        if (!table.IsEmpty)
        {
            screen.Line();
            table.Write(screen);
        }
    }

    private static string Percent(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0} %") : "-";
}
