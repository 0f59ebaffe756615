namespace QualGent.Contracts.Bundles;

/// <summary>
/// The symbolic links of a bundle, followed in thought: before a single one exists on disk it is known where each leads, also
/// through other links. What a link's text says is not enough: with <c>deep -> a/b/c</c>, the harmless looking
/// <c>out -> deep/../../../..</c> is two folders above the root.
/// </summary>
internal sealed class BundleLinks
{
    private const int HopsMax = 40;
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);

    /// <summary>The links and what their text says, in the order they were added.</summary>
    public IEnumerable<KeyValuePair<string, string>> All => _targets;

    /// <summary>Adds a link. None of its own parents is a link: the callers see to that.</summary>
    public void Add(string name, string target) => _targets.Add(name, target);

    /// <summary>Checks that no link leaves the folder.</summary>
    /// <exception cref="BundleException">One does, or goes in a circle.</exception>
    public void Check()
    {
        foreach (var (name, target) in _targets)
        {
            if (!StaysInside(name))
            {
                throw new BundleException($"The symbolic link '{BundlePath.Shown(name)}' -> '{BundlePath.Shown(target)}' leads out of the folder or in a circle. Let it point, relatively, to something inside.");
            }
        }
    }

    private bool StaysInside(string link)
    {
        var at = new List<string>();
        var ahead = new Stack<string>(link.Split('/').Reverse());
        var hops = 0;
        while (ahead.TryPop(out var part))
        {
            switch (part)
            {
                case "" or ".":
                    continue;
                case ".." when at.Count == 0:
                    return false;
                case "..":
                    at.RemoveAt(at.Count - 1);
                    continue;
            }

            at.Add(part);
            if (!_targets.TryGetValue(string.Join('/', at), out var target))
            {
                continue;
            }

            if (++hops > HopsMax || target.Length == 0 || target.StartsWith('/') || target.Contains('\\') || target.Contains('\0'))
            {
                return false;
            }

            at.RemoveAt(at.Count - 1);
            foreach (var next in target.Split('/').Reverse())
            {
                ahead.Push(next);
            }
        }

        return true;
    }
}
