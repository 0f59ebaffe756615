using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob cancel</c>: cancelling what has ended changes nothing and is no mistake.</summary>
internal static class CancelCommand
{
    private const string Reason = "qgjob cancel";

    public static Command Build(CommonOptions common) => Build(common, new Command("cancel", "Cancels a job, or all of a run that has not ended."), new TargetId());

    /// <summary><c>qgjob run cancel</c></summary>
    public static Command OfRun(CommonOptions common) => Build(common, new Command("cancel", "Cancels all of a run that has not ended."), TargetId.OfRun());

    private static Command Build(CommonOptions common, Command command, TargetId target)
    {
        target.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, isRun) = target.Read(parse);
            var client = common.Connect(parse);
            var screen = common.Surroundings.Out;
            var json = parse.GetValue(common.Json);
            if (isRun)
            {
                var run = await client.CancelRunAsync(id, Reason, cancellationToken);
                if (json)
                {
                    Documents.Write(screen, run, ContractsJson.Default.RunView);
                }
                else
                {
                    screen.Line(TextOf(run));
                }
            }
            else
            {
                var job = await client.CancelJobAsync(id, Reason, cancellationToken);
                if (json)
                {
                    Documents.Write(screen, job, ContractsJson.Default.JobView);
                }
                else
                {
                    screen.Line(TextOf(job));
                }
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static string TextOf(JobView job) => job.Status switch
    {
        JobStatus.Cancelled => $"{job.Id}  cancelled",
        JobStatus.Running => $"{job.Id}  is being cancelled on its device",
        _ when job.Status.IsTerminal() => $"{job.Id}  had already ended: {JobWords.State(job)}",
        _ => $"{job.Id}  {JobWords.State(job)}",
    };

    private static string TextOf(RunView run) => run switch
    {
        { State: RunState.Open } => $"{run.Id}  is being cancelled; {TextForm.Count(run.Counts.Running, "job")} still on a device",
        { Verdict: RunVerdict.Cancelled } => $"{run.Id}  cancelled",
        _ => $"{run.Id}  has ended: {JobWords.Lower(run.Verdict.ToString()!)}, {run.Counts.Cancelled} of {TextForm.Count(run.Planned, "test")} cancelled",
    };
}
