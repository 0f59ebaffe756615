using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Apps;

/// <summary><c>qgjob app list</c></summary>
internal static class AppListCommand
{
    private const int DigestShown = 12;

    public static Command Build(CommonOptions common)
    {
        var org = new Option<string>("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };
        var command = new Command("list", "Lists the registered builds, newest first.") { org };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var list = await common.Connect(parse).ListAppsAsync(parse.GetValue(org)!, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, list, ContractsJson.Default.AppList);
                return ExitCodes.Ok;
            }

            if (list.Apps.Count == 0)
            {
                common.Surroundings.Error.Wrapped("No build is registered; agents look for builds in their own folder. Register one with: qgjob app upload");
                return ExitCodes.Ok;
            }

            var now = common.Surroundings.Time.GetUtcNow();
            var table = new TextTable(3, "APP VERSION", "PLATFORM", "REGISTERED", "FILE", "PACKAGE", "VERSION", "SHA256") { Then = [4, 5, 0] };
            foreach (var app in list.Apps)
            {
                table.Add(
                    (app.AppVersionId, Tone.Plain),
                    (app.Platform, Tone.Plain),
                    (TextForm.Age(now - app.RegisteredAt) + " ago", Tone.Plain),
                    (app.FileName, Tone.Plain),
                    (app.PackageId, Tone.Plain),
                    (app.VersionName, Tone.Plain),
                    (app.Sha256[..DigestShown], Tone.Faint));
            }

            table.Write(common.Surroundings.Out);
            return ExitCodes.Ok;
        });
        return command;
    }
}
