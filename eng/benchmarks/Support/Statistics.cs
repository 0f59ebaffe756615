namespace QualGent.Bench.Support;

/// <summary>Percentiles of a sample.</summary>
internal static class Statistics
{
    public static double Median(this IReadOnlyCollection<double> sample) => sample.Percentile(50);

    /// <summary>The smallest value that at least so many percent of the sample do not exceed.</summary>
    public static double Percentile(this IReadOnlyCollection<double> sample, double percent) =>
        sample.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(sample.Count * percent / 100) - 1));
}
