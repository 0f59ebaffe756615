using System.Globalization;

namespace QualGent.Cli.CommandLine;

/// <summary>Reads times as people write them: <c>90</c> and <c>90s</c> (seconds), <c>10m</c>, <c>2h</c>, <c>1h30m</c>.</summary>
internal static class Durations
{
    public const string Form = "seconds (90), or a number with s, m or h (90s, 10m, 2h, 1h30m)";

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(365);

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        if (int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            time = TimeSpan.FromSeconds(seconds);
            return time <= s_longest;
        }

        var largest = long.MaxValue; // units only get smaller: "1h30m", never "30m1h"
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            var unit = digits < 1 ? 0 : rest[digits] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
            if (unit == 0 || unit >= largest || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            (largest, time) = (unit, time + TimeSpan.FromSeconds((double)number * unit));
            rest = rest[(digits + 1)..];
        }

        return largest != long.MaxValue && time <= s_longest;
    }
}
