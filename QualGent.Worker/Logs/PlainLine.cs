using System.Text;
using System.Text.RegularExpressions;
using QualGent.Contracts;

namespace QualGent.Worker.Logs;

/// <summary>A printed line as it is stored: nothing in it moves a cursor, sets a title or turns the reading direction.</summary>
public static partial class PlainLine
{
    /// <summary>The line without control sequences and control characters but tabs.</summary>
    public static string Strip(string line)
    {
        var plain = new StringBuilder(line.Length);
        foreach (var c in Sequence().Replace(line, ""))
        {
            if (c == '\t' || (!char.IsControl(c) && !TurnsDirection(c)))
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }

    /// <summary>A long line's beginning; after the masking, because half a secret is not recognised.</summary>
    public static string Cut(string line) => line.Length <= Limits.LogLineLength ? line : line[..(Limits.LogLineLength - 1)] + "…";

    private static bool TurnsDirection(char c) => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029' or '\u200E' or '\u200F';

    // ESC [ … final byte: colours, cursor; ESC ] … BEL or ESC \: titles, links; ESC P, X, ^, _ … ESC \: strings; ESC and a byte
    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|\e[\]PX^_][^\a\e]*(\a|\e\\)?|\e[ -/]*[0-~]")]
    private static partial Regex Sequence();
}
