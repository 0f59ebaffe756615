using System.CommandLine;
using System.Diagnostics;
using QualGent.Cli.Api;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Projects;
using QualGent.Cli.Runs;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob submit</c></summary>
internal static class SubmitCommand
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    public static Command Build(CommonOptions common)
    {
        var options = new SubmitOptions();
        var command = new Command("submit", "Submits tests; with --wait also follows them to their verdict.");
        options.AddTo(command);
        command.SetAction((parse, _) => RunAsync(options, common, parse));
        return command;
    }

    private static async Task<int> RunAsync(SubmitOptions options, CommonOptions common, ParseResult parse)
    {
        var submission = options.Read(parse, common.Surroundings.Time.GetUtcNow());
        var surroundings = common.Surroundings;
        var project = ProjectFolder.Find(submission.ProjectDir, surroundings.Folder);
        submission = Expand(submission, project, surroundings);
        var client = common.Connect(parse, project);
        var json = parse.GetValue(common.Json);

        // The trace that starts here goes on in the API, the queue, the agent and the test process.
        using var activity = new Activity("qgjob submit").Start();
        return submission.Wait
            ? await SubmitAndWaitAsync(client, submission, surroundings, json)
            : await SubmitAsync(client, submission, surroundings, json);
    }

    private static Submission Expand(Submission submission, string? project, Surroundings surroundings)
    {
        var tests = new TestSelection(project, surroundings.Folder).Expand(submission.Request.Tests!.Select(test => test!));
        submission = submission with { Request = submission.Request with { Tests = [.. tests] } };
        var mistakes = new Mistakes("submit");
        mistakes.Check(submission.Request, surroundings.Time.GetUtcNow());
        mistakes.ThrowIfAny();
        return submission;
    }

    private static async Task<int> SubmitAsync(QualGentClient client, Submission submission, Surroundings surroundings, bool json)
    {
        var accepted = await Accepted.SubmitAsync(client, submission, CancellationToken.None);
        if (json)
        {
            accepted.WriteDocument(surroundings.Out);
            return ExitCodes.Ok;
        }

        foreach (var (id, test) in accepted.Jobs)
        {
            surroundings.Out.Line($"{id}  queued  {SafeText.Line(test)}");
        }

        var shown = accepted.Jobs.Count == 1 ? accepted.Jobs[0].Id : accepted.RunId;
        Warn(accepted, surroundings.Error);
        surroundings.Error.Line(surroundings.Error.Paint($"Follow it with: qgjob watch {shown}", Tone.Faint));
        return ExitCodes.Ok;
    }

    private static async Task<int> SubmitAndWaitAsync(QualGentClient client, Submission submission, Surroundings surroundings, bool json)
    {
        using var interruption = new Interruption(surroundings.Time);

        // An interrupt while the request is on its way: its answer is still needed, to cancel what it created.
        var accepted = await Accepted.SubmitAsync(client, submission, interruption.After(s_grace));
        var screen = surroundings.Error;
        screen.Line($"Run {accepted.RunId}: {TextForm.Count(accepted.Jobs.Count, "test")} of {submission.Request.AppVersionId} submitted.");

        var wait = new RunWait(client, surroundings, accepted.RunId, only: null);
        var end = await wait.WaitAsync(submission.WaitTimeout, new Need(submission.Request, submission.NoDeviceTimeout), interruption.Token);
        switch (end)
        {
            case WaitEnd.Ended:
                wait.Report(json);
                return ExitCodes.Of(wait.Board.Run?.Verdict);
            case WaitEnd.TimedOut:
                ApiProblems.Failure(screen, $"Still running after {TextForm.Duration(submission.WaitTimeout)}; the run goes on.");
                ApiProblems.Hint(screen, $"Follow it with: qgjob watch {accepted.RunId}");
                return ExitCodes.WaitTimedOut;
            case WaitEnd.NoDevice:
                ApiProblems.Failure(screen, $"No device that could serve {wait.NeedText} showed up within {TextForm.Duration(submission.NoDeviceTimeout)}.");
                await CancelAsync(client, accepted.RunId, "no device could serve it", surroundings);
                ApiProblems.Hint(screen, "See what there is with: qgjob device list");
                return ExitCodes.NothingMatched;
            default:
                screen.Line("Interrupted.");
                await CancelAsync(client, accepted.RunId, "qgjob submit --wait was interrupted", surroundings);
                return ExitCodes.Interrupted;
        }
    }

    private static async Task CancelAsync(QualGentClient client, string runId, string reason, Surroundings surroundings)
    {
        var screen = surroundings.Error;
        using var bound = new CancellationTokenSource(s_grace, surroundings.Time);
        try
        {
            await client.CancelRunAsync(runId, reason, bound.Token);
            ApiProblems.Hint(screen, $"Run {runId} is cancelled.");
        }
        catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException or OperationCanceledException)
        {
            ApiProblems.Hint(screen, $"Run {runId} could not be cancelled and may go on: {e.Message}");
            ApiProblems.Hint(screen, $"Cancel it later with: qgjob cancel {runId}");
        }
    }

    private static void Warn(Accepted accepted, Screen screen)
    {
        foreach (var warning in accepted.Warnings)
        {
            screen.Line(screen.Paint("Note: " + SafeText.Line(warning), Tone.Warning));
        }
    }
}

/// <summary>What the API accepted, in one shape for one test and for many.</summary>
internal sealed record Accepted(string RunId, IReadOnlyList<(string Id, string Test)> Jobs, IReadOnlyList<string> Warnings, Action<Screen> WriteDocument)
{
    public static async Task<Accepted> SubmitAsync(QualGentClient client, Submission submission, CancellationToken cancellationToken)
    {
        if (submission.Request is { Tests.Count: 1, Name: null })
        {
            var one = await client.SubmitJobAsync(submission.ToSingle(), submission.IdempotencyKey, cancellationToken);
            return new Accepted(one.Job.RunId, [(one.Job.Id, one.Job.TestPath)], one.Warnings, screen => Documents.Write(screen, one, ContractsJson.Default.SubmitJobResponse));
        }

        var many = await client.SubmitRunAsync(submission.Request, submission.IdempotencyKey, cancellationToken);
        return new Accepted(
            many.Run.Id,
            [.. many.JobIds.Zip(submission.Request.Tests!, (id, test) => (id, test!))],
            many.Warnings,
            screen => Documents.Write(screen, many, ContractsJson.Default.SubmitRunResponse));
    }
}
