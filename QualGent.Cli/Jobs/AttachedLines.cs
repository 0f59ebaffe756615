using QualGent.Cli.Output;
using QualGent.Contracts;

namespace QualGent.Cli.Jobs;

/// <summary>Says which tests of a submission were attached to jobs under way, and to which.</summary>
internal static class AttachedLines
{
    private const int Shown = 10;

    /// <param name="screen">Where.</param>
    /// <param name="attached">May be null or empty: then nothing is said.</param>
    /// <param name="of">Tests of the submission.</param>
    public static void Write(Screen screen, IReadOnlyList<AttachedJob>? attached, int of)
    {
        if (attached is null or [])
        {
            return;
        }

        screen.Wrapped($"{attached.Count} of {TextForm.Count(of, "test")} {(attached.Count == 1 ? "is" : "are")} under way already and did not have to be queued:");
        foreach (var job in attached.Take(Shown))
        {
            screen.Line($"  {SafeText.Line(job.TestPath)} is attached to {job.AttachedTo} of {job.RunId}");
        }

        if (attached.Count > Shown)
        {
            screen.Line($"  … and {attached.Count - Shown} more");
        }
    }
}
