namespace QualGent.Cli.Projects;

/// <summary>Turns what <c>--test</c> was given into test files, relative to the project folder.</summary>
internal sealed class TestSelection(string? project, string current)
{
    private const int NearMisses = 3;
    private IReadOnlyList<string>? _files;

    private IReadOnlyList<string> Files => _files ??= ProjectFiles.List(project!);

    /// <summary>Sorted, none twice.</summary>
    /// <exception cref="CliException">One of them matches nothing.</exception>
    public IReadOnlyList<string> Expand(IEnumerable<string> patterns)
    {
        var selected = new SortedSet<string>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var pattern in patterns)
        {
            var found = Find(pattern);
            selected.UnionWith(found);
            if (found.Count == 0)
            {
                missing.Add(pattern);
            }
        }

        return missing.Count == 0 ? [.. selected] : throw NothingMatched(missing);
    }

    private IReadOnlyList<string> Find(string pattern)
    {
        if (project is null)
        {
            return !Glob.IsPattern(pattern)
                ? [pattern]
                : throw new CliException(
                    ExitCodes.NothingMatched,
                    $"The pattern '{pattern}' cannot be expanded: there is no appwright.config.ts here or in a parent folder.",
                    "Go to your project, name it with --project-dir, or give the path of one test.");
        }

        // A name with a bracket or a star in it is a file first.
        if (File.Exists(Path.Combine(project, pattern)))
        {
            return [pattern];
        }

        if (Glob.IsPattern(pattern))
        {
            var glob = Glob.Parse(pattern);
            return [.. Files.Where(glob.Matches)];
        }

        // What the shell completed in a folder below the project: "login.spec.ts" within tests/.
        var fromHere = Path.GetRelativePath(project, Path.Combine(current, pattern)).Replace(Path.DirectorySeparatorChar, '/');
        return !fromHere.StartsWith("..", StringComparison.Ordinal) && File.Exists(Path.Combine(project, fromHere)) ? [fromHere] : [];
    }

    private CliException NothingMatched(IReadOnlyList<string> missing)
    {
        var lines = new List<string>();
        foreach (var pattern in missing)
        {
            lines.Add($"No test matches '{pattern}' in {project}.");
            if (Directory.Exists(Path.Combine(project!, pattern)))
            {
                lines.Add($"It is a folder; write --test='{pattern.TrimEnd('/')}/**/*.spec.ts' to run what is in it.");
                continue;
            }

            var near = Likeness.Nearest(pattern, Files, NearMisses);
            lines.AddRange(near.Count == 0 ? ["The project has no file that looks like it."] : near.Select((path, i) => (i == 0 ? "Did you mean " : "          or ") + path));
        }

        return new CliException(ExitCodes.NothingMatched, lines);
    }
}
