using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;

namespace QualGent.Cli.Config;

/// <summary><c>qgjob config show</c>: what the settings are here, and where they come from.</summary>
internal static class ConfigShowCommand
{
    public static Command Build(CommonOptions common)
    {
        var command = new Command("show", "Shows where the API is, seen from this folder, and who says so. Nothing is sent.");
        command.SetAction(parse =>
        {
            var address = common.FindAddress(parse);
            var screen = common.Surroundings.Out;
            if (parse.GetValue(common.Json))
            {
                Documents.Write(screen, new ShownSettings(address.Uri, address.Source), CliJson.Default.ShownSettings);
                return ExitCodes.Ok;
            }

            var table = new TextTable(2, "SETTING", "VALUE", "FROM");
            table.Add((ConfigSetCommand.ApiUrl, Tone.Plain), (address.Uri.ToString(), Tone.Plain), (address.Source, Tone.Faint));
            table.Write(screen);
            return ExitCodes.Ok;
        });
        return command;
    }
}
