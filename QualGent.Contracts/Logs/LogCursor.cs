using System.Globalization;

namespace QualGent.Contracts;

/// <summary>The form of a log's cursor: the execution's token and the number of its last line seen, e.g. <c>1763806888000123-40</c>.</summary>
public static class LogCursor
{
    /// <summary>Reads a cursor.</summary>
    public static bool TryParse(string? text, out long token, out long line)
    {
        (token, line) = (0, 0);
        return text?.Split('-') is [var first, var second]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out token)
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out line);
    }
}
