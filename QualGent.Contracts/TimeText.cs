using System.Globalization;

namespace QualGent.Contracts;

/// <summary>Spans of time as people write them in a sentence.</summary>
public static class TimeText
{
    private static readonly (string Name, long Seconds)[] s_units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];

    /// <summary>
    /// The largest unit and the next one, whole seconds, nothing that is zero: <c>35 s</c>, <c>1 min 5 s</c>, <c>10 min</c>,
    /// <c>1 h 30 min</c>, <c>24 h</c>, <c>7 d</c>. Days begin after two of them.
    /// </summary>
    public static string Of(TimeSpan time)
    {
        var seconds = Math.Max(0, (long)time.TotalSeconds);
        var first = Array.FindIndex(s_units, unit => seconds >= (unit.Name == "d" ? 2 * unit.Seconds : unit.Seconds));
        if (first < 0)
        {
            return "0 s";
        }

        var parts = new List<string>();
        foreach (var (name, size) in s_units.Skip(first).Take(2))
        {
            if (seconds / size is > 0 and var count)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {name}"));
            }

            seconds %= size;
        }

        return string.Join(' ', parts);
    }
}
