namespace QualGent.Cli.Output;

/// <summary>Fits text into columns.</summary>
internal static class TextForm
{
    /// <summary>Keeps the end, which tells paths apart: <c>…/login.spec.ts</c>.</summary>
    public static string CutLeft(string text, int width) => text.Length <= width ? text : width < 2 ? "…" : "…" + text[^(width - 1)..];

    /// <summary>Keeps the beginning.</summary>
    public static string CutRight(string text, int width) => text.Length <= width ? text : width < 2 ? "…" : text[..(width - 1)] + "…";

    /// <summary>Breaks a line at blanks so that no piece is wider than <paramref name="width"/>; longer words are broken inside.</summary>
    public static IEnumerable<string> Wrap(string line, int? width)
    {
        var indent = line.Length - line.TrimStart().Length;
        while (width is { } limit && line.Length > limit && limit > indent + 10)
        {
            var blank = line.LastIndexOf(' ', limit, limit - indent);
            var end = blank > indent ? blank : limit;
            yield return line[..end];
            line = new string(' ', indent) + line[end..].TrimStart();
        }

        yield return line;
    }

    /// <summary>E.g. <c>0.4s</c>, <c>12s</c>, <c>3m 05s</c>, <c>2h 10m</c>, <c>4d</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => FormattableString.Invariant($"{Math.Max(0, time.TotalSeconds):0.0}s"),
        { TotalSeconds: < 60 } => FormattableString.Invariant($"{Math.Floor(time.TotalSeconds):0}s"),
        { TotalMinutes: < 60 } => FormattableString.Invariant($"{time.Minutes}m {time.Seconds:00}s"),
        { TotalHours: < 48 } => FormattableString.Invariant($"{Math.Floor(time.TotalHours):0}h {time.Minutes:00}m"),
        _ => FormattableString.Invariant($"{Math.Floor(time.TotalDays):0}d"),
    };

    /// <summary>How long ago, short: <c>5s</c>, <c>3m</c>, <c>2h</c>, <c>4d</c>.</summary>
    public static string Age(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => FormattableString.Invariant($"{Math.Max(0, Math.Floor(time.TotalSeconds)):0}s"),
        { TotalMinutes: < 60 } => FormattableString.Invariant($"{Math.Floor(time.TotalMinutes):0}m"),
        { TotalHours: < 48 } => FormattableString.Invariant($"{Math.Floor(time.TotalHours):0}h"),
        _ => FormattableString.Invariant($"{Math.Floor(time.TotalDays):0}d"),
    };

    /// <summary>E.g. <c>0 B</c>, <c>12 kB</c>, <c>3.4 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => FormattableString.Invariant($"{bytes} B"),
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1_000.0:0.#} kB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1_000_000.0:0.#} MB"),
        _ => FormattableString.Invariant($"{bytes / 1_000_000_000.0:0.#} GB"),
    };

    /// <summary>A value for people: <c>TimedOut</c> is <c>timed out</c>.</summary>
    public static string Words<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    /// <summary>E.g. <c>1 test</c>, <c>2 tests</c>.</summary>
    public static string Count(long count, string noun) => FormattableString.Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");
}
