using System.Text;
using System.Text.RegularExpressions;

namespace QualGent.Cli.Output;

/// <summary>
/// Makes text from elsewhere harmless before it meets a terminal. Colour sequences, which AppWright puts into assertion
/// messages (<c>ESC[31m</c>), disappear; every other control or direction-changing character becomes <c>�</c>.
/// </summary>
internal static partial class SafeText
{
    /// <summary>One line; line breaks and tabs become spaces.</summary>
    public static string Line(string? text) => Clean(text, keepLines: false);

    /// <summary>One line of a log; tabs stay.</summary>
    public static string LogLine(string text) => string.Join('\t', text.Split('\t').Select(Line));

    /// <summary>Several lines, without the empty ones at both ends.</summary>
    public static IReadOnlyList<string> Lines(string? text) => Clean(text?.ReplaceLineEndings("\n"), keepLines: true).Trim('\n').Split('\n');

    private static string Clean(string? text, bool keepLines)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in Sequence().Replace(text, ""))
        {
            clean.Append(c switch
            {
                '\n' when keepLines => '\n',
                '\n' or '\r' or '\t' => ' ',
                _ when char.IsControl(c) || IsDirection(c) => '\uFFFD',
                _ => c,
            });
        }

        return clean.ToString();
    }

    // U+202A–202E and U+2066–2069 can make a line read differently from what it says; so can the line separators.
    private static bool IsDirection(char c) => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029' or '\u200E' or '\u200F';

    // ESC [ … final byte, e.g. "ESC[31m"; ESC ] … BEL or ESC \, e.g. a window title or a hyperlink.
    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(\a|\e\\)")]
    private static partial Regex Sequence();
}
