using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.History;

/// <summary><c>qgjob test quarantine</c>, <c>release</c> and <c>quarantined</c>.</summary>
internal static class QuarantineCommand
{
    public static IEnumerable<Command> BuildAll(CommonOptions common) => [Quarantine(common), Release(common), List(common)];

    private static Command Quarantine(CommonOptions common)
    {
        var (org, test) = (Org(), Test());
        var reason = new Option<string?>("--reason") { Description = "Why, for those who read it later.", HelpName = "text" };
        var command = new Command("quarantine", "Lets a test run without counting it, in runs submitted from now on.") { test, org, reason };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var request = new QuarantineRequest { TestPath = parse.GetValue(test), Reason = parse.GetValue(reason) };
            var entry = await common.Connect(parse).QuarantineAsync(parse.GetValue(org)!, request, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, entry, ContractsJson.Default.QuarantinedTest);
            }
            else
            {
                common.Surroundings.Out.Line($"{SafeText.Line(entry.TestPath)}  in quarantine");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Release(CommonOptions common)
    {
        var (org, test) = (Org(), Test());
        var command = new Command("release", "Lets a test count again, in runs submitted from now on.") { test, org };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await common.Connect(parse).ReleaseAsync(parse.GetValue(org)!, parse.GetValue(test)!, cancellationToken);
            common.Surroundings.Error.Line($"{SafeText.Line(parse.GetValue(test))} counts again.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command List(CommonOptions common)
    {
        var org = Org();
        var command = new Command("quarantined", "Lists the tests that do not count.") { org };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var list = await common.Connect(parse).ListQuarantineAsync(parse.GetValue(org)!, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, list, ContractsJson.Default.QuarantineList);
                return ExitCodes.Ok;
            }

            if (list.Tests.Count == 0)
            {
                common.Surroundings.Error.Line("No test is in quarantine.");
                return ExitCodes.Ok;
            }

            var now = common.Surroundings.Time.GetUtcNow();
            var table = new TextTable(0, "TEST", "SINCE", "REASON") { Then = [2] };
            foreach (var test in list.Tests)
            {
                table.Add((test.TestPath, Tone.Plain), (TextForm.Age(now - test.Since) + " ago", Tone.Plain), (test.Reason, Tone.Plain));
            }

            table.Write(common.Surroundings.Out);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Option<string> Org() => new("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };

    private static Argument<string> Test() => new("test") { Description = "The test file, as submissions name it." };
}
