using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Queue;

/// <summary><c>qgjob queue pause</c> and <c>qgjob queue resume</c>: of everything, of an organisation, or of one of its builds.</summary>
internal static class QueuePauseCommand
{
    public static Command Pause(CommonOptions common) => Build(common, "pause", "Stops handing out jobs; devices finish what they hold.", (client, scope, ct) => client.PauseAsync(scope, ct));

    public static Command Resume(CommonOptions common) => Build(common, "resume", "Hands out jobs again.", (client, scope, ct) => client.ResumeAsync(scope, ct));

    /// <summary>In words: <c>everything</c>, <c>acme</c>, <c>acme/1.4.2</c>.</summary>
    public static string Words(PauseScope scope) => scope switch
    {
        { OrgId: null } => "everything",
        { AppVersionId: null } => scope.OrgId,
        _ => $"{scope.OrgId}/{scope.AppVersionId}",
    };

    private static Command Build(CommonOptions common, string name, string description, Func<QualGentClient, PauseScope, CancellationToken, Task<PauseList>> call)
    {
        var org = new Option<string?>("--org-id") { Description = "Only this organisation. Default: everything.", HelpName = "id" };
        var app = new Option<string?>("--app-version-id") { Description = "Only this build of the organisation.", HelpName = "id" };
        var command = new Command(name, description) { org, app };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var scope = new PauseScope { OrgId = parse.GetValue(org), AppVersionId = parse.GetValue(app) };
            if (scope.Validate() is [var mistake, ..])
            {
                throw new CliException(ExitCodes.Usage, $"--{mistake.Field.Replace('_', '-')} {mistake.Message}.", $"See: qgjob queue {name} --help");
            }

            var paused = await call(common.Connect(parse), scope, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, paused, ContractsJson.Default.PauseList);
            }
            else
            {
                common.Surroundings.Out.Line(paused.Paused.Count == 0 ? "Nothing is paused." : "Paused: " + string.Join(", ", paused.Paused.Select(Words)));
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
