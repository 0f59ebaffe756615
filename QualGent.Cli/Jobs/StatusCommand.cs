using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob status</c>: answers a question, so it ends with 0 whatever the state is.</summary>
internal static class StatusCommand
{
    private const int HeadingWidth = 11;

    public static Command Build(CommonOptions common) => Build(common, new Command("status", "Shows a job or a run as it is now. Ends with 0 whatever its state; watch ends with its verdict."), new TargetId());

    /// <summary><c>qgjob run show</c></summary>
    public static Command OfRun(CommonOptions common) => Build(common, new Command("show", "Shows a run as it is now. Ends with 0 whatever its state; watch ends with its verdict."), TargetId.OfRun());

    private static Command Build(CommonOptions common, Command command, TargetId target)
    {
        target.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, isRun) = target.Read(parse);
            var client = common.Connect(parse);
            var json = parse.GetValue(common.Json);
            if (isRun)
            {
                await ShowRunAsync(client, id, json, common.Surroundings, cancellationToken);
            }
            else
            {
                await ShowJobAsync(client, id, json, common.Surroundings, cancellationToken);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task ShowRunAsync(QualGentClient client, string id, bool json, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var board = new RunBoard(only: null, surroundings.Time);
        board.Apply(new RunEvent { Kind = RunEventKind.Snapshot, Cursor = "", Run = await client.GetRunAsync(id, cancellationToken) });
        await foreach (var page in client.ListAllJobsAsync(new JobQuery { RunId = id }, cancellationToken))
        {
            board.Apply(new RunEvent { Kind = RunEventKind.Job, Cursor = "", Jobs = page.Jobs });
        }

        if (json)
        {
            Documents.Write(surroundings.Out, new RunReport(board.Run!, board.Jobs), CliJson.Default.RunReport);
            return;
        }

        var devices = new DeviceNames(client);
        await devices.LearnAsync(board.Jobs.Select(job => job.DeviceId), cancellationToken);
        RunSummary.Write(surroundings.Out, board, devices, only: null);
    }

    private static async Task ShowJobAsync(QualGentClient client, string id, bool json, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var job = await client.GetJobAsync(id, cancellationToken);
        if (json)
        {
            Documents.Write(surroundings.Out, job, ContractsJson.Default.JobView);
            return;
        }

        var devices = new DeviceNames(client);
        await devices.LearnAsync([job.DeviceId], cancellationToken);
        var now = surroundings.Time.GetUtcNow();
        var screen = surroundings.Out;
        var labels = string.Join(", ", (job.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"));
        (string Name, string? Value, Tone Tone)[] fields =
        [
            ("job", job.Id, Tone.Strong),
            ("state", JobWords.State(job) + (job.Code is null ? "" : $" ({job.Code})") + (job.Quarantined ? ", in quarantine: does not count" : ""), JobWords.ToneOf(job)),
            ("test", job.TestPath, Tone.Plain),
            ("app", $"{job.OrgId}/{job.AppVersionId}", Tone.Plain),
            ("target", $"{job.Target}/{job.Platform}" + (labels.Length == 0 ? "" : $" with {labels}"), Tone.Plain),
            ("project", job.Project, Tone.Plain),
            ("priority", $"{job.Priority}, reset {job.Reset}", Tone.Plain),
            ("attempts", $"{job.Attempts} of {job.AttemptsMax} used" + (job.InfrastructureLosses == 0 ? "" : $", {TextForm.Count(job.InfrastructureLosses, "loss").Replace("losss", "losses", StringComparison.Ordinal)} of a device"), Tone.Plain),
            (job.Attempts == 0 ? "starts" : "next try", job.NotBefore is { } due && due > now && job.Status == JobStatus.Queued ? "in " + TextForm.Age(due - now) : null, Tone.Plain),
            ("submitted", TextForm.Age(now - job.CreatedAt) + " ago", Tone.Plain),
            ("took", job.DurationMs is { } ms ? TextForm.Duration(TimeSpan.FromMilliseconds(ms)) : null, Tone.Plain),
            ("cases", job.Tests is { } tests ? $"{tests.Passed} passed, {tests.Failed} failed, {tests.Skipped} skipped" : null, Tone.Plain),
            ("device", job.DeviceId is null ? null : $"{devices.Of(job.DeviceId)} ({job.Provider})", Tone.Plain),
            ("batch", job.BatchId is null ? null : job.BatchId + (job.Installed switch { true => ", app installed first", false => ", app was there (warm)", null => "" }), Tone.Plain),
            ("run", job.RunId, Tone.Plain),
            ("attached", job.AttachedTo is null ? null : $"to {job.AttachedTo}, which does its work", Tone.Plain),
        ];
        foreach (var (name, value, tone) in fields.Where(field => field.Value is not null))
        {
            var heading = name;
            foreach (var line in TextForm.Wrap(new string(' ', HeadingWidth) + SafeText.Line(value), screen.Width - 1))
            {
                screen.Line(heading.PadRight(HeadingWidth) + screen.Paint(line[HeadingWidth..], tone));
                heading = "";
            }
        }

        if (job.Message is not null)
        {
            screen.Line();
            RunSummary.WriteMessage(screen, job.Message);
        }

        AttemptLines.Write(screen, (await client.GetResultsAsync(id, cancellationToken)).Attempts);
    }
}
