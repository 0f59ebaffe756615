using System.Globalization;

namespace QualGent.Scheduling.Jobs;

/// <summary>Where a run that repeats tests of another one comes from.</summary>
/// <param name="ParentRunId">The run whose tests it repeats.</param>
/// <param name="Inherited">Tests that passed in the parent, or that the parent had inherited itself: same build, same settings, not run again.</param>
/// <param name="Attempt">2 for the first repetition; the submission itself was 1.</param>
public sealed record RunOrigin(string ParentRunId, int Inherited, int Attempt)
{
    /// <summary>As it is stored: <c>run_01k9… 12 2</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ParentRunId} {Inherited} {Attempt}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null for null.</summary>
    public static RunOrigin? Parse(string? text) => text?.Split(' ') is [var parent, var inherited, var attempt]
        ? new(parent, int.Parse(inherited, CultureInfo.InvariantCulture), int.Parse(attempt, CultureInfo.InvariantCulture))
        : null;
}
