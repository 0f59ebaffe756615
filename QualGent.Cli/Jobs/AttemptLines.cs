using QualGent.Cli.Output;
using QualGent.Contracts;

namespace QualGent.Cli.Jobs;

/// <summary>A job's executions for people: where, how, how long, and which tests did not pass.</summary>
internal static class AttemptLines
{
    private const int TestsShown = 20;

    public static void Write(Screen screen, IReadOnlyList<AttemptView> attempts)
    {
        foreach (var attempt in attempts)
        {
            screen.Line();
            var tone = attempt.Outcome == AttemptOutcome.Passed ? Tone.Good : Tone.Bad;
            var code = attempt.Code is null ? "" : $" ({SafeText.Line(attempt.Code)})";
            var install = attempt.Installed switch { true => ", cold", false => ", warm", null => "" };
            screen.Line($"attempt {attempt.Attempt}  {screen.Paint(TextForm.Words(attempt.Outcome) + code, tone)} on {SafeText.Line(attempt.Device)} ({SafeText.Line(attempt.Provider)}){install}");
            screen.Wrapped("  " + Phases(attempt.Phases), Tone.Faint);
            screen.Wrapped("  " + SafeText.Line(attempt.BatchId) + (attempt.Events is { } events ? $", by {SafeText.Line(string.Join(", ", events))}" : ""), Tone.Faint);
            WriteTests(screen, attempt);
        }
    }

    private static void WriteTests(Screen screen, AttemptView attempt)
    {
        var bad = attempt.Tests.Where(test => test.Status is not (TestCaseStatus.Passed or TestCaseStatus.Skipped)).ToList();
        foreach (var test in bad.Take(TestsShown))
        {
            var took = test.DurationMs > 0 ? $" after {TextForm.Duration(TimeSpan.FromMilliseconds(test.DurationMs))}" : "";
            screen.Line($"  {screen.Paint(TextForm.Words(test.Status), test.Status == TestCaseStatus.Flaky ? Tone.Warning : Tone.Bad)}{took}  {SafeText.Line(test.Title)}");
            if (test.Errors is [var error, ..])
            {
                screen.Wrapped("    " + SafeText.Lines(error.Message)[0]);
            }
        }

        var hidden = Math.Max(0, bad.Count - TestsShown) + attempt.TestsLeftOut;
        if (hidden > 0)
        {
            screen.Line($"  … {TextForm.Count(hidden, "test")} more: --json");
        }
    }

    private static string Phases(AttemptPhases phases)
    {
        (string Name, long? Ms)[] parts =
        [
            ("queued", phases.QueuedMs), ("preparing", phases.PreparingMs), ("waiting", phases.WaitingMs), ("installing", phases.InstallingMs), ("testing", phases.TestingMs), ("reporting", phases.ReportingMs),
        ];
        return string.Join(", ", parts.Where(part => part.Ms is not null).Select(part => $"{part.Name} {TextForm.Duration(TimeSpan.FromMilliseconds(part.Ms!.Value))}"));
    }
}
