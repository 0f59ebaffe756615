using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Runs;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob watch</c>: looks on, and changes nothing.</summary>
internal static class WatchCommand
{
    // Nobody sits there for longer; also an end for a forgotten one.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    public static Command Build(CommonOptions common) => Build(common, new Command("watch", "Follows a job or a run to its verdict and ends with it. Ctrl-C stops watching, not the run."), new TargetId());

    /// <summary><c>qgjob run watch</c></summary>
    public static Command OfRun(CommonOptions common) => Build(common, new Command("watch", "Follows a run to its verdict and ends with it. Ctrl-C stops watching, not the run."), TargetId.OfRun());

    private static Command Build(CommonOptions common, Command command, TargetId target)
    {
        target.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, isRun) = target.Read(parse);
            var client = common.Connect(parse);
            using var interruption = new Interruption(common.Surroundings.Time);
            var runId = isRun ? id : (await client.GetJobAsync(id, interruption.Token)).RunId;
            var json = parse.GetValue(common.Json);
            var wait = new RunWait(client, common.Surroundings, runId, isRun ? null : id) { StreamEvents = json };
            var end = await wait.WaitAsync(s_longest, need: null, interruption.Token);
            if (end != WaitEnd.Ended)
            {
                common.Surroundings.Error.Line($"No longer watching; {runId} goes on.");
                return end == WaitEnd.Interrupted ? ExitCodes.Interrupted : ExitCodes.WaitTimedOut;
            }

            if (!json)
            {
                wait.Report(json: false);
            }

            return isRun ? ExitCodes.Of(wait.Board.Run?.Verdict) : ExitCodes.Of(wait.Board.Jobs[0].Status);
        });
        return command;
    }
}
