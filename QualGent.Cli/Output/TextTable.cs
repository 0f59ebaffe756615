using System.Text;

namespace QualGent.Cli.Output;

/// <summary>
/// Columns under headings. On a terminal the flexible column gives way until a row fits the width, and then those of
/// <see cref="Then"/>; in a pipe nothing is cut.
/// </summary>
/// <param name="flexible">Index of the column that is cut first, from its left; null when none is, because its text is typed again.</param>
/// <param name="headings">One per column.</param>
internal sealed class TextTable(int? flexible, params IReadOnlyList<string> headings)
{
    private const string Gap = "  ";
    private const int NarrowestCut = 12;
    private readonly List<(string Text, Tone Tone)[]> _rows = [];

    /// <summary>Indexes of the columns that are cut, from their right, where the flexible one was not enough; one after the other.</summary>
    public IReadOnlyList<int> Then { get; init; } = [];

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Adds a row; the texts are made harmless here.</summary>
    public void Add(params IEnumerable<(string? Text, Tone Tone)> cells) => _rows.Add([.. cells.Select(cell => (SafeText.Line(cell.Text), cell.Tone))]);

    public void Write(Screen screen)
    {
        var widths = headings.Select((heading, i) => _rows.Select(row => row[i].Text.Length).Append(heading.Length).Max()).ToArray();
        if (screen.Width is { } width)
        {
            var excess = widths.Sum() + (Gap.Length * (widths.Length - 1)) - (width - 1);
            foreach (var i in flexible is { } first ? Then.Prepend(first) : Then)
            {
                var less = Math.Clamp(excess, 0, Math.Max(0, widths[i] - Math.Max(NarrowestCut, headings[i].Length)));
                (widths[i], excess) = (widths[i] - less, excess - less);
            }
        }

        WriteRow(screen, [.. headings.Select(heading => (heading, Tone.Faint))], widths);
        foreach (var row in _rows)
        {
            WriteRow(screen, row, widths);
        }
    }

    private void WriteRow(Screen screen, (string Text, Tone Tone)[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            var text = i == flexible ? TextForm.CutLeft(row[i].Text, widths[i]) : TextForm.CutRight(row[i].Text, widths[i]);
            var padding = i == row.Length - 1 ? "" : new string(' ', widths[i] - text.Length) + Gap;
            line.Append(screen.Paint(text, row[i].Tone)).Append(padding);
        }

        screen.Line(line.ToString().TrimEnd());
    }
}
