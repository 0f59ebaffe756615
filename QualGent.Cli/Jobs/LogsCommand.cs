using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob logs</c>: what a job's tests printed. Like status it answers a question: 0 whatever the verdict is.</summary>
internal static class LogsCommand
{
    public static Command Build(CommonOptions common)
    {
        var target = new TargetId();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the job has ended, through restarts of the server." };
        var attempt = new Option<int?>("--attempt") { Description = "Only this attempt, counted from 1. Default: all of them.", HelpName = "number" };
        var command = new Command("logs", "Prints what a job's tests print. Ends with 0 whatever the verdict; watch ends with it.");
        target.AddTo(command);
        command.Options.Add(follow);
        command.Options.Add(attempt);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, isRun) = target.Read(parse);
            if (isRun)
            {
                throw new CliException(ExitCodes.Usage, $"'{id}' is a run; logs are about one job.", $"qgjob list --run-id={id} shows its jobs.");
            }

            var query = new LogQuery(id, parse.GetValue(attempt), parse.GetValue(follow));
            if (query.Attempt is < 1 or > Limits.AttemptsMax)
            {
                throw new CliException(ExitCodes.Usage, $"--attempt is a number from 1 to {Limits.AttemptsMax}.");
            }

            await PrintAsync(common.Connect(parse), query, parse.GetValue(common.Json), common.Surroundings, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task PrintAsync(QualGentClient client, LogQuery query, bool json, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var follower = new LogFollower(client, surroundings.Time)
        {
            Lost = e => surroundings.Error.Line(SafeText.Line($"Connection lost ({e.Message}); trying again. The job goes on meanwhile.")),
            Resumed = () => surroundings.Error.Line("Connected again."),
            OutageLimit = query.Follow ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(10),
        };
        var printed = 0;
        await foreach (var chunk in follower.FollowAsync(query, cancellationToken))
        {
            printed++;
            if (json)
            {
                Documents.WriteLine(surroundings.Out, chunk, ContractsJson.Default.LogChunk);
            }
            else
            {
                Print(surroundings.Out, chunk);
            }
        }

        if (printed == 0 && !json)
        {
            surroundings.Error.Line("Nothing was printed" + (query.Follow ? "." : " so far; -f waits for it."));
        }
    }

    private static void Print(Screen screen, LogChunk chunk)
    {
        if (chunk.Missing > 0)
        {
            screen.Line(screen.Paint(LogChunk.Gap(chunk.Missing), Tone.Faint));
        }

        foreach (var line in chunk.Lines)
        {
            screen.Line(SafeText.LogLine(line));
        }
    }
}
