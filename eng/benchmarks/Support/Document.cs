using System.Text;
using QualGent.Testing;

namespace QualGent.Bench.Support;

/// <summary>The table between the two marks of <c>docs/benchmarks.md</c>; the words around it are written by people.</summary>
internal static class Document
{
    private const string Begin = "<!-- figures: written by eng/bench -->";
    private const string End = "<!-- end of figures -->";
    private const string Head = "| measure | ratio | target | met | figures of the run | day |\n|---|---|---|---|---|---|";

    private static string FilePath => Path.Combine(Repository.Root, "docs/benchmarks.md");

    /// <summary>Puts rows into the table, each in the place of the one it repeats.</summary>
    /// <param name="rows">Measured now.</param>
    /// <param name="keepOthers">Whether rows stay that were not measured again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WriteAsync(IReadOnlyList<Row> rows, bool keepOthers, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(FilePath, cancellationToken);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (from < Begin.Length || to < from)
        {
            throw new InvalidOperationException($"{FilePath} has lost its marks '{Begin}' and '{End}'.");
        }

        var lines = new OrderedDictionary<string, string>();
        foreach (var line in keepOthers ? text[from..to].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1) : [])
        {
            lines[line.Split(" | ")[0]] = line;
        }

        var day = DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        foreach (var row in rows)
        {
            lines[$"| {row.Measure}"] = $"| {row.Measure} | {row.Ratio} | {row.Target} | {row.Verdict} | {row.Figures} | {day:yyyy-MM-dd} |";
        }

        var table = new StringBuilder().Append("\n\n").Append(Head).Append('\n').AppendJoin('\n', lines.Values).Append("\n\n");
        await File.WriteAllTextAsync(FilePath, string.Concat(text.AsSpan(0, from), table.ToString(), text.AsSpan(to)), cancellationToken);
    }
}
