using System.CommandLine;
using QualGent.Cli.Api;
using QualGent.Cli.CommandLine;

namespace QualGent.Cli.Config;

/// <summary><c>qgjob config set</c>: writes the user's own settings; those of a project are its <c>qgjob.json</c>.</summary>
internal static class ConfigSetCommand
{
    /// <summary>The one setting there is, named as in the files.</summary>
    public const string ApiUrl = "api_url";

    public static Command Build(CommonOptions common)
    {
        var name = new Argument<string>("setting") { Description = $"{ApiUrl}: where the API is." };
        name.AcceptOnlyFromAmong(ApiUrl);
        var value = new Argument<string>("value") { Description = $"Its value, e.g. {ApiAddress.Default}." };
        var command = new Command("set", "Writes a setting into your own configuration, which counts where nothing nearer says otherwise.") { name, value };
        command.SetAction(parse =>
        {
            var surroundings = common.Surroundings;
            var url = ApiAddress.Parse(parse.GetValue(value)!, "the command line");
            var file = SettingsFile.OfUser(surroundings.Variable)
                ?? throw new CliException(ExitCodes.Usage, "There is no folder for your configuration.", "Set HOME or XDG_CONFIG_HOME, or use a qgjob.json in the project.");
            // A broken one is not written over: who knows what it was meant to say.
            SettingsFile.Write(file, (SettingsFile.Read(file) ?? new Settings()) with { ApiUrl = url.Uri.ToString() });
            surroundings.Error.Line($"Wrote {file}.");
            if (common.FindAddress(parse) is var used && used.Source != file)
            {
                surroundings.Error.Line($"Here qgjob uses {used.Uri} nevertheless, which comes from {used.Source}.");
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
