using System.IO.Enumeration;

namespace QualGent.Contracts.Bundles;

/// <summary>
/// The lines of a <c>.qgjobinclude</c> or <c>.qgjobignore</c>, a small part of what gitignore can: <c>*.mp4</c> matches that name
/// in any folder, <c>/data/*.json</c> and <c>data/*.json</c> from the project's folder on, <c>**</c> any number of folders,
/// <c>?</c> one character. A pattern that matches a folder means all that is in it; a slash at its end changes nothing. Empty
/// lines and those that begin with <c>#</c> are comments.
/// </summary>
public sealed class PathPatterns
{
    private readonly List<string[]> _patterns;

    private PathPatterns(List<string[]> patterns) => _patterns = patterns;

    /// <summary>Reads a file; one that does not exist matches nothing.</summary>
    /// <exception cref="BundleException">A line begins with <c>!</c>, which is not supported.</exception>
    public static PathPatterns Read(string file)
    {
        var patterns = new List<string[]>();
        foreach (var line in File.Exists(file) ? File.ReadLines(file).Select(line => line.Trim()) : [])
        {
            if (line.StartsWith('!'))
            {
                throw new BundleException($"{Path.GetFileName(file)}: '{line}' begins with '!', which has no meaning here; name what to keep in .qgjobinclude and what to leave out in .qgjobignore.");
            }

            var pattern = line.TrimEnd('/');
            if (pattern.Length > 0 && !pattern.StartsWith('#'))
            {
                patterns.Add(pattern.Contains('/') ? pattern.TrimStart('/').Split('/') : ["**", pattern]);
            }
        }

        return new PathPatterns(patterns);
    }

    /// <summary>Whether there is no pattern at all.</summary>
    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>Whether a pattern matches the file or a folder it lies in.</summary>
    /// <param name="path">Relative, with forward slashes.</param>
    public bool Matches(string path)
    {
        var parts = path.Split('/');
        return _patterns.Exists(pattern => Enumerable.Range(1, parts.Length).Any(depth => Matches(pattern, parts.AsSpan(0, depth))));
    }

    /// <summary>Whether a pattern, as the parts between its slashes, matches a whole path.</summary>
    public static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> parts)
    {
        while (pattern.Length > 0 && pattern[0] != "**")
        {
            if (parts.Length == 0 || !FileSystemName.MatchesSimpleExpression(pattern[0], parts[0], ignoreCase: false))
            {
                return false;
            }

            pattern = pattern[1..];
            parts = parts[1..];
        }

        if (pattern.Length == 0)
        {
            return parts.Length == 0;
        }

        while (pattern.Length > 0 && pattern[0] == "**")
        {
            pattern = pattern[1..];
        }

        for (var skipped = 0; skipped <= parts.Length; skipped++)
        {
            if (Matches(pattern, parts[skipped..]))
            {
                return true;
            }
        }

        return false;
    }
}
