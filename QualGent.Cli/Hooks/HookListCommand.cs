using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Hooks;

/// <summary><c>qgjob hook list</c></summary>
internal static class HookListCommand
{
    public static Command Build(CommonOptions common)
    {
        var org = new Option<string>("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };
        var command = new Command("list", "Lists the hooks and how many deliveries they wait for.") { org };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var list = await common.Connect(parse).ListHooksAsync(parse.GetValue(org)!, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, list, ContractsJson.Default.HookList);
                return ExitCodes.Ok;
            }

            if (list.Hooks.Count == 0)
            {
                common.Surroundings.Error.Line("There is no hook. Add one with: qgjob hook add");
                return ExitCodes.Ok;
            }

            var table = new TextTable(4, "ID", "EVENTS", "WAITING", "SKIPPED", "URL");
            foreach (var hook in list.Hooks)
            {
                table.Add(
                    (hook.Id, Tone.Plain),
                    (string.Join(' ', hook.Events), Tone.Plain),
                    (FormattableString.Invariant($"{hook.Waiting}"), Tone.Plain),
                    (FormattableString.Invariant($"{hook.Skipped}"), hook.Skipped > 0 ? Tone.Warning : Tone.Faint),
                    (hook.Url, Tone.Plain));
            }

            table.Write(common.Surroundings.Out);
            return ExitCodes.Ok;
        });
        return command;
    }
}
