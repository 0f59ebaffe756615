using System.Globalization;
using System.Text.RegularExpressions;

namespace QualGent.Contracts;

/// <summary>Lines of a job's log that came together; one event <c>lines</c> of <c>GET /v1/jobs/{id}/log</c> as an event stream.</summary>
public sealed partial record LogChunk
{
    /// <summary>The event's id; sent back as <c>Last-Event-ID</c> it goes on behind these lines.</summary>
    public required string Cursor { get; init; }

    /// <summary>Attempt that printed them, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lines left out before them: logs are bounded, and come slower than a test can print.</summary>
    public int Missing { get; init; }

    /// <summary>The lines: without control sequences, secrets masked as <c>***</c>, at most <see cref="Limits.LogLineLength"/> characters each.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>Nothing follows in this execution.</summary>
    public bool IsLast { get; init; }

    /// <summary>What stands in a text where lines are missing.</summary>
    public static string Gap(int missing) => FormattableString.Invariant($"[… {missing} line{(missing == 1 ? "" : "s")} left out …]");

    /// <summary>Reads what <see cref="Gap"/> writes.</summary>
    public static bool TryParseGap(string line, out int missing)
    {
        missing = 0;
        return line.StartsWith("[…", StringComparison.Ordinal) && GapLine().Match(line) is { Success: true } gap && int.TryParse(gap.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out missing);
    }

    [GeneratedRegex(@"\A\[… ([0-9]+) lines? left out …\]\z")]
    private static partial Regex GapLine();
}
