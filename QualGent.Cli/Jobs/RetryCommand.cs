using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Jobs;

/// <summary><c>qgjob retry</c>: of a run everything that did not pass, of a job its test; always as a new run.</summary>
internal static class RetryCommand
{
    public static Command Build(CommonOptions common) => Build(common, new Command("retry", "Runs again what did not pass of an ended run, or one ended job. Ends with 0 when there is nothing to run again."), new TargetId());

    /// <summary><c>qgjob run rerun-failed</c></summary>
    public static Command OfRun(CommonOptions common) => Build(common, new Command("rerun-failed", "Runs again what did not pass of an ended run, as a new run. Ends with 0 when there is nothing to run again."), TargetId.OfRun());

    private static Command Build(CommonOptions common, Command command, TargetId target)
    {
        var waiting = new WaitOptions();
        target.AddTo(command);
        foreach (var option in waiting.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parse, _) => RunAsync(parse, target, waiting, common));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, TargetId target, WaitOptions waiting, CommonOptions common)
    {
        var (id, isRun) = target.Read(parse);
        var mistakes = new Mistakes(parse);
        var patience = waiting.Read(parse, mistakes);
        mistakes.ThrowIfAny();

        var (client, surroundings, json) = (common.Connect(parse), common.Surroundings, parse.GetValue(common.Json));
        using var interruption = new Interruption(surroundings.Time);
        var key = Guid.CreateVersion7().ToString("N");
        SubmitRunResponse accepted;
        try
        {
            accepted = isRun ? await client.RerunFailedAsync(id, key, interruption.After(OwnedRun.Grace)) : await client.RetryJobAsync(id, key, interruption.After(OwnedRun.Grace));
        }
        catch (ApiProblemException e) when (e.Problem.Code == ProblemCodes.NothingToRerun)
        {
            surroundings.Error.Line($"Every test of {id} passed: there is nothing to run again.");
            return ExitCodes.Ok;
        }

        var run = accepted.Run;
        if (json && !patience.Wait)
        {
            Documents.Write(surroundings.Out, accepted, ContractsJson.Default.SubmitRunResponse);
            return ExitCodes.Ok;
        }

        var inherited = run.Inherited > 0 ? $", {run.Inherited} passed before" : "";
        surroundings.Error.Line($"Run {run.Id}: {TextForm.Count(run.Planned, "test")} of {SafeText.Line(run.AppVersionId)} again{inherited}.");
        AttachedLines.Write(surroundings.Error, accepted.Attached, run.Planned);
        if (patience.Wait)
        {
            var first = await client.GetJobAsync(accepted.JobIds[0], interruption.After(OwnedRun.Grace));
            return await new OwnedRun(client, surroundings, run.Id).FollowAsync(patience, Need.Of(run, first, patience.NoDevice), json, interruption.Token);
        }

        surroundings.Out.Line(run.Id);
        surroundings.Error.Line(surroundings.Error.Paint($"Follow it with: qgjob watch {run.Id}", Tone.Faint));
        return ExitCodes.Ok;
    }
}
