using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;

namespace QualGent.Cli.Hooks;

/// <summary><c>qgjob hook remove</c></summary>
internal static class HookRemoveCommand
{
    public static Command Build(CommonOptions common)
    {
        var hook = new Argument<string>("hook") { Description = "Its id (hook_…)." };
        var org = new Option<string>("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };
        var command = new Command("remove", "Removes a hook with all that waits for it.") { hook, org };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await common.Connect(parse).RemoveHookAsync(parse.GetValue(org)!, parse.GetValue(hook)!, cancellationToken);
            common.Surroundings.Error.Line(SafeText.Line($"{parse.GetValue(hook)} is removed."));
            return ExitCodes.Ok;
        });
        return command;
    }
}
