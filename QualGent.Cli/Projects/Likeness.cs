namespace QualGent.Cli.Projects;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Likeness
{
    /// <summary>The nearest candidates, best first; those with the same file name count as near wherever they are.</summary>
    public static IReadOnlyList<string> Nearest(string wanted, IEnumerable<string> candidates, int count)
    {
        var name = NameOf(wanted);
        return [.. candidates
            .Select(path => (Path: path, Distance: NameOf(path) == name ? 0 : Math.Min(Distance(wanted, path), Distance(name, NameOf(path)) + 1)))
            .Where(match => match.Distance <= Math.Max(2, name.Length / 3))
            .OrderBy(match => match.Distance)
            .ThenBy(match => match.Path, StringComparer.Ordinal)
            .Take(count)
            .Select(match => match.Path)];
    }

    /// <summary>Single-character changes that turn one text into the other (Levenshtein).</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
