using System.CommandLine;
using System.Diagnostics;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Projects;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob submit</c></summary>
internal static class SubmitCommand
{
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
        submission = Expand(submission, project, surroundings, parse);
        var client = common.Connect(parse, project);
        var json = parse.GetValue(common.Json);

        // The trace that starts here goes on in the API, the queue, the agent and the test process.
        using var activity = new Activity("qgjob submit").Start();
        if (submission.Bundle && project is not null)
        {
            var bundle = await new ProjectBundle(project, surroundings).SendAsync(client, submission.Request.OrgId!, submission.Request.Tests!.Select(test => test!));
            submission = submission with { Request = submission.Request with { Bundle = bundle } };
        }

        return submission.Patience.Wait
            ? await SubmitAndWaitAsync(client, submission, surroundings, json)
            : await SubmitAsync(client, submission, surroundings, json);
    }

    private static Submission Expand(Submission submission, string? project, Surroundings surroundings, ParseResult parse)
    {
        var tests = new TestSelection(project, surroundings.Folder).Expand(submission.Request.Tests!.Select(test => test!));
        submission = submission with { Request = submission.Request with { Tests = [.. tests] } };
        var mistakes = new Mistakes(parse);
        mistakes.Check(submission.Request, surroundings.Time.GetUtcNow(), bundleFollows: submission.Bundle && project is not null);
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

        var attached = accepted.Attached.ToDictionary(job => job.JobId, StringComparer.Ordinal);
        foreach (var (id, test) in accepted.Jobs)
        {
            surroundings.Out.Line(attached.TryGetValue(id, out var other) ? $"{id}  attached  {SafeText.Line(test)}  to {other.AttachedTo}" : $"{id}  queued  {SafeText.Line(test)}");
        }

        var shown = accepted.Jobs.Count == 1 ? accepted.Jobs[0].Id : accepted.RunId;
        Warn(accepted, surroundings.Error);
        AttachedLines.Write(surroundings.Error, accepted.Attached, accepted.Jobs.Count);
        surroundings.Error.Line(surroundings.Error.Paint($"Follow it with: qgjob watch {shown}", Tone.Faint));
        return ExitCodes.Ok;
    }

    private static async Task<int> SubmitAndWaitAsync(QualGentClient client, Submission submission, Surroundings surroundings, bool json)
    {
        using var interruption = new Interruption(surroundings.Time);

        // An interrupt while the request is on its way: its answer is still needed, to cancel what it created.
        var accepted = await Accepted.SubmitAsync(client, submission, interruption.After(OwnedRun.Grace));
        surroundings.Error.Line($"Run {accepted.RunId}: {TextForm.Count(accepted.Jobs.Count, "test")} of {submission.Request.AppVersionId} submitted.");
        AttachedLines.Write(surroundings.Error, accepted.Attached, accepted.Jobs.Count);
        return await new OwnedRun(client, surroundings, accepted.RunId).FollowAsync(submission.Patience, Need.Of(submission.Request, submission.Patience.NoDevice), json, interruption.Token);
    }

    private static void Warn(Accepted accepted, Screen screen)
    {
        foreach (var warning in accepted.Warnings)
        {
            screen.Wrapped("Note: " + SafeText.Line(warning), Tone.Warning);
        }
    }
}

/// <summary>What the API accepted, in one shape for one test and for many.</summary>
internal sealed record Accepted(string RunId, IReadOnlyList<(string Id, string Test)> Jobs, IReadOnlyList<string> Warnings, IReadOnlyList<AttachedJob> Attached, Action<Screen> WriteDocument)
{
    public static async Task<Accepted> SubmitAsync(QualGentClient client, Submission submission, CancellationToken cancellationToken)
    {
        if (submission.Request is { Tests.Count: 1, Name: null, Matrix: null })
        {
            var one = await client.SubmitJobAsync(submission.ToSingle(), submission.IdempotencyKey, cancellationToken);
            return new Accepted(one.Job.RunId, [(one.Job.Id, one.Job.TestPath)], one.Warnings, one.Attached ?? [], screen => Documents.Write(screen, one, ContractsJson.Default.SubmitJobResponse));
        }

        var many = await client.SubmitRunAsync(submission.Request, submission.IdempotencyKey, cancellationToken);
        return new Accepted(
            many.Run.Id,
            [.. many.JobIds.Zip(Tests(submission.Request, many.Run))],
            many.Warnings,
            many.Attached ?? [],
            screen => Documents.Write(screen, many, ContractsJson.Default.SubmitRunResponse));
    }

    // In the order of the job ids: cell by cell.
    private static IEnumerable<string> Tests(SubmitRunRequest request, RunView run) => run.Cells is { } cells
        ? cells.SelectMany(cell => request.Tests!.Select(test => $"{test} [{CellText.Of(cell, run)}]"))
        : request.Tests!.Select(test => test!);
}
