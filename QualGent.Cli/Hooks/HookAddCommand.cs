using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Hooks;

/// <summary><c>qgjob hook add</c></summary>
internal static class HookAddCommand
{
    public static Command Build(CommonOptions common)
    {
        var url = new Argument<string>("url") { Description = "What to call, with a signed POST." };
        var org = new Option<string>("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };
        var events = new Option<string[]>("--event") { Description = $"What to call it for: {string.Join(" or ", HookEvents.All)}; may be repeated. Default: {HookEvents.RunEnded}.", HelpName = "event", CompletionSources = { HookEvents.All.ToArray() } };
        var secret = new Option<string?>("--secret-file") { Description = "A file with the key of the signatures, so that no process list shows it. Default: a new key.", HelpName = "path" };
        var command = new Command("add", "Has an address called when runs end, and prints the key of its signatures, once.") { url, org, events, secret };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var request = new AddHookRequest
            {
                Url = parse.GetValue(url),
                Events = parse.GetValue(events) is { Length: > 0 } given ? given : null,
                Secret = parse.GetValue(secret) is { } path ? await ReadAsync(Path.GetFullPath(path, common.Surroundings.Folder), cancellationToken) : null,
            };
            if (HookValidator.Validate(parse.GetValue(org)!, request) is [var mistake, ..])
            {
                var what = mistake.Field switch { "url" => "The URL", "org_id" => "--org-id", "events" => "--event", _ => "The key in --secret-file" };
                throw new CliException(ExitCodes.Usage, $"{what} {mistake.Message}.", "See: qgjob hook add --help");
            }

            var added = await common.Connect(parse).AddHookAsync(parse.GetValue(org)!, request, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, added, ContractsJson.Default.AddHookResponse);
                return ExitCodes.Ok;
            }

            foreach (var warning in added.Warnings)
            {
                common.Surroundings.Error.Wrapped(SafeText.Line(warning));
            }

            common.Surroundings.Out.Line(SafeText.Line($"{added.Hook.Id}  {added.Secret}"));
            common.Surroundings.Error.Wrapped("Keep the key now: it is not shown again. It is in the form of Standard Webhooks, which has verifiers for many languages.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"The key cannot be read: {e.Message}");
        }
    }
}
