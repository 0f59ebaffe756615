using System.Globalization;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// The order in which a run's tests are handed out: the longest first, so that no device is left with a long one at the end. It
/// only changes places inside the run; runs and priorities stay as they are to each other.
/// </summary>
internal static class RunOrder
{
    private const long ExpectedMsMax = 99_999_999;

    /// <summary>
    /// Of each test in the order asked its place in 4 digits and its expected milliseconds in 8, as <c>add_jobs.lua</c> and <c>expected_of.lua</c> read
    /// them; nothing when no test is known. One that is not counts as the median of the others, and equal ones stay in the order asked.
    /// </summary>
    public static string Of(IReadOnlyList<long?> expectedMs)
    {
        var known = expectedMs.OfType<long>().Order().ToList();
        if (known.Count == 0)
        {
            return "";
        }

        var times = expectedMs.Select(ms => Math.Min(ExpectedMsMax, ms ?? known[known.Count / 2])).ToList();
        var places = new int[times.Count];
        foreach (var (place, index) in Enumerable.Range(0, times.Count).OrderByDescending(index => times[index]).Index())
        {
            places[index] = place;
        }

        return string.Concat(times.Select((ms, index) => string.Create(CultureInfo.InvariantCulture, $"{places[index]:D4}{ms:D8}")));
    }
}
