using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Hooks;

/// <summary><c>qgjob hook deliveries</c></summary>
internal static class HookDeliveriesCommand
{
    public static Command Build(CommonOptions common)
    {
        var hook = new Argument<string>("hook") { Description = "Its id (hook_…)." };
        var org = new Option<string>("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };
        var command = new Command("deliveries", $"Shows the last {Limits.HookLogLength} attempts to deliver to a hook, newest first.") { hook, org };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var log = await common.Connect(parse).ReadHookLogAsync(parse.GetValue(org)!, parse.GetValue(hook)!, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, log, ContractsJson.Default.HookLog);
                return ExitCodes.Ok;
            }

            if (log.Attempts.Count == 0)
            {
                common.Surroundings.Error.Line("Nothing was delivered yet.");
                return ExitCodes.Ok;
            }

            var now = common.Surroundings.Time.GetUtcNow();
            var table = new TextTable(5, "WHEN", "ENDED", "ATTEMPT", "TOOK", "OUTCOME", "WHY");
            foreach (var attempt in log.Attempts)
            {
                table.Add(
                    (TextForm.Age(now - attempt.At) + " ago", Tone.Plain),
                    (attempt.SubjectId, Tone.Plain),
                    (FormattableString.Invariant($"{attempt.Attempt}"), Tone.Plain),
                    (TextForm.Duration(TimeSpan.FromMilliseconds(attempt.DurationMs)), Tone.Plain),
                    Outcome(attempt, now),
                    (attempt.Error, Tone.Plain));
            }

            table.Write(common.Surroundings.Out);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static (string? Text, Tone Tone) Outcome(HookAttempt attempt, DateTimeOffset now) => attempt switch
    {
        { Outcome: HookOutcome.Delivered } => (FormattableString.Invariant($"delivered ({attempt.Status})"), Tone.Good),
        { NextAt: { } next } when next > now => ($"again in {TextForm.Age(next - now)}", Tone.Warning),
        { Outcome: HookOutcome.Retrying } => ("again", Tone.Warning),
        _ => ("given up", Tone.Bad),
    };
}
