namespace QualGent.Bench.Support;

/// <summary>One line of the report: a ratio (or a size), what it should be, and the figures it comes from.</summary>
/// <param name="Measure">What was compared.</param>
/// <param name="Ratio">The comparison, e.g. <c>11.3x</c>, or why there is none.</param>
/// <param name="Target">What was wanted, or empty for a figure without a target.</param>
/// <param name="Met">Whether it was reached; null without a target or a measurement.</param>
/// <param name="Figures">The absolute figures of this run.</param>
internal sealed record Row(string Measure, string Ratio, string Target, bool? Met, string Figures)
{
    /// <summary>A ratio that should be at least so high.</summary>
    public static Row AtLeast(string measure, double ratio, double target, string figures) =>
        new(measure, Text(ratio), $"≥ {target:0.##}x", ratio >= target, figures);

    /// <summary>A ratio that should be at most so high.</summary>
    public static Row AtMost(string measure, double ratio, double target, string figures) =>
        new(measure, Text(ratio), $"≤ {target:0.##}x", ratio <= target, figures);

    /// <summary>A size that should be at most so large.</summary>
    public static Row AtMostBytes(string measure, double bytes, double target, string figures) =>
        new(measure, $"{bytes:0} B", $"≤ {target:0} B", bytes <= target, figures);

    /// <summary>A ratio to know, without a target.</summary>
    public static Row Known(string measure, double ratio, string figures) => new(measure, Text(ratio), "", null, figures);

    /// <summary>Something kept the measurement from being taken; the others go on.</summary>
    public static Row NotMeasured(string measure, string reason) => new(measure, "not measured", "", null, reason.ReplaceLineEndings(" "));

    /// <summary><c>yes</c>, <c>no</c> or nothing.</summary>
    public string Verdict => Met switch { true => "yes", false => "no", null => "" };

    private static string Text(double ratio) => ratio < 10 ? $"{ratio:0.00}x" : $"{ratio:0.0}x";
}
