using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// The embedded scripts with their includes joined in. A line <c>--- @include "name"</c> pulls in <c>includes/name.lua</c>,
/// once per script and behind what it includes itself. Every mistake (a missing header line, an unknown include, more keys used
/// than declared, a file nobody includes) is found when the class is first used, that is at start.
/// </summary>
internal static partial class LuaScripts
{
    private const string Folder = "Scripts/";
    private const string Includes = "includes/";

    private static readonly FrozenDictionary<string, string> s_scripts = Load(Assembly.GetExecutingAssembly());
    private static readonly FrozenDictionary<string, byte[]> s_hashes = s_scripts.ToFrozenDictionary(script => script.Key, script => Sha1(script.Value), StringComparer.Ordinal);

    /// <summary>Names of all operations.</summary>
    public static IEnumerable<string> Names => s_scripts.Keys;

    /// <summary>The text to send for an operation, e.g. <c>claim</c>.</summary>
    public static string Text(string name) => s_scripts[name];

    /// <summary>The name by which a server that has seen the text knows it. Given the text, the client would read all of it at each call.</summary>
    public static byte[] Hash(string name) => s_hashes[name];

    // The one Redis uses; nothing secret depends on it.
#pragma warning disable CA5350
    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    private static FrozenDictionary<string, string> Load(Assembly assembly)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".lua", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            sources[resource[Folder.Length..^".lua".Length].Replace('\\', '/')] = reader.ReadToEnd();
        }

        return Join(sources).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Checks and joins; apart from <see cref="Load"/> so that tests can feed it broken files.</summary>
    internal static Dictionary<string, string> Join(IReadOnlyDictionary<string, string> sources)
    {
        var scripts = new Dictionary<string, string>(StringComparer.Ordinal);
        var unused = sources.Keys.Where(name => name.StartsWith(Includes, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, source) in sources.Where(pair => !pair.Key.StartsWith(Includes, StringComparison.Ordinal)))
        {
            CheckHeader(name, source);
            var included = new HashSet<string>(StringComparer.Ordinal);
            var text = new StringBuilder();
            Append(text, name, source, sources, included);
            CheckKeys(name, source, text.ToString());
            unused.ExceptWith(included);
            scripts[name] = text.ToString();
        }

        if (scripts.Count == 0)
        {
            throw new InvalidOperationException("No Lua script is embedded in this assembly; build it from a complete checkout.");
        }

        return unused.Count == 0 ? scripts : throw new InvalidOperationException($"No script includes {string.Join(", ", unused)}.");
    }

    private static void CheckHeader(string name, string source)
    {
        if (!source.StartsWith("#!lua", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{name}.lua must begin with '#!lua'.");
        }

        foreach (var line in (string[])["-- KEYS: ", "-- ARGV: ", "-- Returns: ", "-- Events: "])
        {
            if (!source.Contains('\n' + line, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{name}.lua has no header line '{line.TrimEnd()}'.");
            }
        }
    }

    private static void CheckKeys(string name, string source, string text)
    {
        // Every script declares exactly one key, the pool's prefix, which is what the runner passes.
        var used = KeyUse().Matches(text).Select(match => match.Groups[1].Value).Distinct().ToArray();
        if (!source.Contains("\n-- KEYS: 1\n", StringComparison.Ordinal) || used is not ["1"])
        {
            throw new InvalidOperationException($"{name}.lua must declare 'KEYS: 1' and use KEYS[1] only; it uses {string.Join(", ", used)}.");
        }
    }

    private static void Append(StringBuilder text, string name, string source, IReadOnlyDictionary<string, string> sources, HashSet<string> included)
    {
        foreach (var line in source.Split('\n'))
        {
            var include = IncludeLine().Match(line);
            if (!include.Success)
            {
                text.Append(line).Append('\n');
                continue;
            }

            var other = Includes + include.Groups[1].Value;
            if (included.Add(other))
            {
                Append(text, other, sources.GetValueOrDefault(other) ?? throw new InvalidOperationException($"{name}.lua includes {other}.lua, which does not exist."), sources, included);
            }
        }
    }

    [GeneratedRegex("^--- @include \"([a-z_]+)\"$")]
    private static partial Regex IncludeLine();

    [GeneratedRegex(@"KEYS\[(\w+)\]")]
    private static partial Regex KeyUse();
}
