using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob why</c>: what a job waits for.</summary>
internal static class WhyCommand
{
    public static Command Build(CommonOptions common)
    {
        var target = new TargetId();
        var command = new Command("why", "Explains what a job waits for, and when it should start and finish.");
        target.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, isRun) = target.Read(parse);
            if (isRun)
            {
                throw new CliException(ExitCodes.Usage, $"'{id}' is a run; why is about one job.", $"qgjob list --run-id={id} --status=queued shows the jobs that wait.");
            }

            var wait = await common.Connect(parse).WhyAsync(id, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, wait, ContractsJson.Default.JobWait);
            }
            else
            {
                Write(common.Surroundings.Out, wait, common.Surroundings.Time.GetUtcNow());
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(Screen screen, JobWait wait, DateTimeOffset now)
    {
        screen.Line($"{wait.JobId}  {JobWords.Lower(wait.Status.ToString())}" + (wait.Position is { } position ? $", position {position}" : ""));
        foreach (var reason in wait.Reasons)
        {
            screen.Wrapped("  " + SafeText.Line(reason.Message));
        }

        var devices = wait.Devices;
        screen.Line($"devices    {devices.Idle} idle, {devices.Busy} busy, {devices.Draining} draining, {devices.Quarantined} quarantined");
        foreach (var (name, expected) in ((string, Expectation?)[])[("start", wait.ExpectedStart), ("finish", wait.ExpectedFinish)])
        {
            if (expected is not null)
            {
                screen.Line($"{name,-10} expected in {TextForm.Duration(expected.P50 - now)}, nine times out of ten within {TextForm.Duration(expected.P90 - now)}");
            }
        }
    }
}
