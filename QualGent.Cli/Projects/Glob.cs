using QualGent.Contracts.Bundles;

namespace QualGent.Cli.Projects;

/// <summary>
/// A path pattern with forward slashes: <c>*</c> and <c>?</c> inside one part, <c>**</c> for any number of parts,
/// <c>{a,b}</c> for alternatives. <c>tests/**/*.spec.{ts,js}</c> matches <c>tests/a.spec.ts</c> and <c>tests/x/y/b.spec.js</c>.
/// </summary>
internal sealed class Glob
{
    private const int AlternativesMax = 256;
    private readonly List<string[]> _alternatives;

    private Glob(List<string[]> alternatives) => _alternatives = alternatives;

    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny("*?{") >= 0;

    /// <exception cref="CliException">The braces mean too many alternatives.</exception>
    public static Glob Parse(string pattern)
    {
        var alternatives = ExpandBraces(pattern).Take(AlternativesMax + 1).ToList();
        return alternatives.Count <= AlternativesMax
            ? new Glob([.. alternatives.Select(alternative => alternative.Split('/'))])
            : throw new CliException(ExitCodes.Usage, $"--test: the braces of '{pattern}' stand for more than {AlternativesMax} patterns; use * instead.");
    }

    public bool Matches(string path)
    {
        var parts = path.Split('/');
        return _alternatives.Exists(pattern => PathPatterns.Matches(pattern, parts));
    }

    // "a{b,c}d" gives "abd" and "acd"; the last opening brace has no other inside. An unclosed brace stands for itself.
    private static IEnumerable<string> ExpandBraces(string pattern)
    {
        var open = pattern.LastIndexOf('{');
        var close = open < 0 ? -1 : pattern.IndexOf('}', open);
        return close < 0
            ? [pattern]
            : pattern[(open + 1)..close].Split(',').SelectMany(part => ExpandBraces(pattern[..open] + part + pattern[(close + 1)..]));
    }
}
