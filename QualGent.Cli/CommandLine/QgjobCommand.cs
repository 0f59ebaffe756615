using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using QualGent.Cli.Agents;
using QualGent.Cli.Api;
using QualGent.Cli.Apps;
using QualGent.Cli.Artifacts;
using QualGent.Cli.Completion;
using QualGent.Cli.Config;
using QualGent.Cli.Devices;
using QualGent.Cli.History;
using QualGent.Cli.Hooks;
using QualGent.Cli.Jobs;
using QualGent.Cli.Queue;
using QualGent.Cli.Runs;
using QualGent.Contracts.Client;

namespace QualGent.Cli.CommandLine;

/// <summary>The command tree, and the one place where a failure becomes words and an exit code.</summary>
internal static class QgjobCommand
{
    public static async Task<int> RunAsync(string[] args, Surroundings surroundings)
    {
        var common = new CommonOptions(surroundings);
        try
        {
            var parse = Build(common).Parse(args);
            ArgumentCheck.Refuse(args, parse.CommandResult.Command);
            if (parse.Action is ParseErrorAction errors)
            {
                errors.ShowHelp = false;
                await parse.InvokeAsync(new InvocationConfiguration { Output = surroundings.Error.Writer, Error = surroundings.Error.Writer });
                surroundings.Error.Line($"See: {CommandTree.PathOf(parse.CommandResult.Command)} --help");
                return ExitCodes.Usage;
            }

            return await parse.InvokeAsync(new InvocationConfiguration
            {
                Output = surroundings.Out.Writer,
                Error = surroundings.Error.Writer,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // Interruption decides what an interrupt means
            });
        }
        catch (CliException e)
        {
            ApiProblems.Failure(surroundings.Error, e.Lines[0]);
            foreach (var line in e.Lines.Skip(1))
            {
                ApiProblems.Hint(surroundings.Error, line);
            }

            return e.ExitCode;
        }
        catch (ApiProblemException e)
        {
            return ApiProblems.Explain(surroundings.Error, e);
        }
        catch (OperationCanceledException)
        {
            surroundings.Error.Line("Interrupted before the server answered; what was asked for may still happen.");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException)
        {
            return ApiProblems.Explain(surroundings.Error, e, common.Address);
        }
    }

    /// <summary>The whole tree.</summary>
    public static RootCommand Build(CommonOptions common)
    {
        var root = new RootCommand("Queues AppWright tests, watches them run on devices, and reports.");
        root.Options.Add(common.ApiUrl);
        root.Options.Add(common.Json);
        root.Subcommands.Add(SubmitCommand.Build(common));
        root.Subcommands.Add(StatusCommand.Build(common));
        root.Subcommands.Add(ListCommand.Build(common));
        root.Subcommands.Add(WatchCommand.Build(common));
        root.Subcommands.Add(LogsCommand.Build(common));
        root.Subcommands.Add(CancelCommand.Build(common));
        root.Subcommands.Add(RetryCommand.Build(common));
        root.Subcommands.Add(WhyCommand.Build(common));
        root.Subcommands.Add(Group(
            "run",
            "What one submission created.",
            [RunListCommand.Build(common), StatusCommand.OfRun(common), WatchCommand.OfRun(common), CancelCommand.OfRun(common), RetryCommand.OfRun(common), RunReportCommand.Build(common)]));
        root.Subcommands.Add(Group("artifact", "What tests left behind: screenshots, logs, reports.", [ArtifactListCommand.Build(common), ArtifactDownloadCommand.Build(common)]));
        root.Subcommands.Add(Group("app", "Builds of your app.", [AppUploadCommand.Build(common), AppListCommand.Build(common)]));
        root.Subcommands.Add(Group("hook", "Addresses that are called when something ends.", [HookAddCommand.Build(common), HookListCommand.Build(common), HookRemoveCommand.Build(common), HookDeliveriesCommand.Build(common)]));
        root.Subcommands.Add(Group("test", "How tests did of late, and which of them do not count.", [TestListCommand.Build(common), .. QuarantineCommand.BuildAll(common)]));
        root.Subcommands.Add(Group("device", "Devices that run tests.", [DeviceListCommand.Build(common), .. DeviceDutyCommand.BuildAll(common)]));
        root.Subcommands.Add(Group("agent", "Worker processes that own devices.", [AgentListCommand.Build(common)]));
        root.Subcommands.Add(Group("queue", "What waits, by organisation and app version.", [QueueShowCommand.Build(common), QueuePauseCommand.Pause(common), QueuePauseCommand.Resume(common)]));
        root.Subcommands.Add(Group("config", "Where qgjob finds the API.", [ConfigShowCommand.Build(common), ConfigSetCommand.Build(common)]));
        root.Subcommands.Add(CompletionCommand.Build(common));
        root.Subcommands.Add(CompleteCommand.Build(common));
        root.SetAction(ShowHelp);

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, common.Surroundings.Out);
        return root;
    }

    private static Command Group(string name, string description, IEnumerable<Command> verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs)
        {
            group.Subcommands.Add(verb);
        }

        group.SetAction(ShowHelp);
        return group;
    }

    private static int ShowHelp(ParseResult parse)
    {
        var help = parse.RootCommandResult.Command.Options.OfType<HelpOption>().Single();
        return ((SynchronousCommandLineAction)help.Action!).Invoke(parse);
    }
}
