using System.Text;
using QualGent.Testing;

namespace QualGent.Bench.Support;

/// <summary>Prints the rows, and writes them between the two marks of <c>docs/benchmarks.md</c>; the words around them are written by people.</summary>
internal static class Report
{
    private const string Begin = "<!-- figures: written by eng/bench smoke -->";
    private const string End = "<!-- end of figures -->";

    private static string FilePath => Path.Combine(Repository.Root, "docs/benchmarks.md");

    /// <summary>One line on the screen.</summary>
    public static void Print(Row row) => Console.WriteLine($"{row.Measure,-46} {row.Ratio,12} {row.Target,8} {row.Verdict,4}  {row.Figures}");

    /// <summary>Replaces the table of the document.</summary>
    public static async Task WriteAsync(IReadOnlyList<Row> rows, DateOnly day, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(FilePath, cancellationToken);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidOperationException($"{FilePath} has lost its marks '{Begin}' and '{End}'.");
        }

        var table = new StringBuilder();
        table.AppendLine(Begin).AppendLine();
        table.Append($"Measured {day:yyyy-MM-dd} on {Environment.ProcessorCount} cores, which peers, load generator, Redis and QualGent share.").AppendLine().AppendLine();
        table.AppendLine("| measure | ratio | target | met | figures of the run |").AppendLine("|---|---|---|---|---|");
        foreach (var row in rows)
        {
            table.AppendLine($"| {row.Measure} | {row.Ratio} | {row.Target} | {row.Verdict} | {row.Figures} |");
        }

        table.AppendLine();
        await File.WriteAllTextAsync(FilePath, string.Concat(text.AsSpan(0, from), table.ToString(), text.AsSpan(to)), cancellationToken);
    }
}
