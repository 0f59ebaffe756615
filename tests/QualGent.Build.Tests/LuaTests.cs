using System.Text.RegularExpressions;
using QualGent.Testing;

namespace QualGent.Build.Tests;

/// <summary>
/// Lua says nothing about a name that nobody defined or a function that nobody calls until the line is reached, so these rules read
/// the queue's scripts: what is defined is used, what is included is needed, what is called is there.
/// </summary>
public sealed partial class LuaTests
{
    private const string Folder = "QualGent.Scheduling/Redis/Scripts/";

    private static readonly string[] s_language =
    [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
        "tonumber", "tostring", "unpack", "ipairs", "pairs", "type", "error", "string", "table", "math", "redis", "cjson", "KEYS", "ARGV", "_",
    ];

    private static readonly Dictionary<string, Script> s_scripts = SourceFiles.Ending(".lua").Where(file => file.StartsWith(Folder, StringComparison.Ordinal))
        .Select(file => new Script(file[Folder.Length..^".lua".Length], File.ReadAllText(Path.Combine(Repository.Root, file)))).ToDictionary(script => script.Name, StringComparer.Ordinal);

    /// <summary>A call that went and left its include behind is found here, too.</summary>
    [Fact]
    public void Include_IsNeededByEveryFileThatNamesIt() => AssertNone(
        from script in s_scripts.Values
        from include in script.Includes
        where !s_scripts[include].Defines.Overlaps(script.Uses)
        select $"{script.Name} includes {include} and uses nothing of it");

    [Fact]
    public void Include_IsReachedFromAnOperation() => AssertNone(
        s_scripts.Keys.Where(name => name.StartsWith("includes/", StringComparison.Ordinal)).Except(s_scripts.Values.Where(script => script.IsOperation).SelectMany(Reached)).Select(name => $"no operation includes {name}"));

    /// <summary>A function counts as called where a call or a value of that name stands outside of it.</summary>
    [Fact]
    public void Function_IsCalledSomewhere() => AssertNone(
        from script in s_scripts.Values
        from function in script.Functions
        where !s_scripts.Values.Where(other => other == script || Reached(other).Contains(script.Name)).Any(other => other.IsUsed(function))
        select $"{script.Name} defines {function}, which nobody calls");

    [Fact]
    public void Name_IsDefinedByTheFileOrByWhatItIncludes() => AssertNone(
        from script in s_scripts.Values
        let known = Reached(script).SelectMany(include => s_scripts[include].Defines).Concat(script.Locals).Concat(s_language).ToHashSet(StringComparer.Ordinal)
        from name in script.Uses
        where !known.Contains(name)
        select $"{script.Name} uses {name}, which neither it nor its includes define");

    // What a file includes, and what these include.
    private static HashSet<string> Reached(Script script)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(script.Includes);
        while (next.TryDequeue(out var include))
        {
            foreach (var further in reached.Add(include) ? s_scripts[include].Includes : [])
            {
                next.Enqueue(further);
            }
        }

        return reached;
    }

    private static void AssertNone(IEnumerable<string> offences)
    {
        Assert.True(s_scripts.Count > 50, "git listed too few scripts for this to mean anything");
        Assert.Empty(offences);
    }

    private sealed class Script
    {
        private readonly string _code;

        public Script(string name, string text)
        {
            (Name, IsOperation) = (name, !name.StartsWith("includes/", StringComparison.Ordinal));
            Includes = [.. IncludeLine().Matches(text).Select(match => "includes/" + match.Groups[1].Value)];
            _code = NotCode().Replace(text, match => match.Value[0] == '\'' ? "''" : "");
            Functions = [.. TopFunction().Matches(_code).Select(match => match.Groups[1].Value)];
            Defines = [.. Functions, .. Names(TopLocal())];
            Locals = [.. Names(Local()), .. Names(LoopVariable()), .. Names(Parameter()), .. LocalFunction().Matches(_code).Select(match => match.Groups[1].Value)];
            Uses = [.. Word().Matches(_code).Select(match => match.Value)];
        }

        public string Name { get; }

        public bool IsOperation { get; }

        public IReadOnlyList<string> Includes { get; }

        /// <summary>Functions that whoever includes the file can call.</summary>
        public IReadOnlyList<string> Functions { get; }

        /// <summary>These and values.</summary>
        public HashSet<string> Defines { get; }

        /// <summary>Every name that is local anywhere in the file.</summary>
        public HashSet<string> Locals { get; }

        /// <summary>Every name that is no field of something.</summary>
        public HashSet<string> Uses { get; }

        public bool IsUsed(string function) => Regex.IsMatch(_code, $@"(?<!function )(?<![\w.:]){function}\b(?!\s*=[^=])");

        private IEnumerable<string> Names(Regex list) => list.Matches(_code).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex("^--- @include \"([a-z_]+)\"$", RegexOptions.Multiline)]
    private static partial Regex IncludeLine();

    // Texts and comments, whichever begins first.
    [GeneratedRegex(@"'(?:[^'\\\n]|\\.)*'|--[^\n]*|^#![^\n]*")]
    private static partial Regex NotCode();

    [GeneratedRegex(@"^local function (\w+)", RegexOptions.Multiline)]
    private static partial Regex TopFunction();

    [GeneratedRegex(@"^local (?!function )([\w, ]+)", RegexOptions.Multiline)]
    private static partial Regex TopLocal();

    [GeneratedRegex(@"\blocal (?!function )([\w, ]+)")]
    private static partial Regex Local();

    [GeneratedRegex(@"\bfor ([\w, ]+?) (?:in|=)")]
    private static partial Regex LoopVariable();

    [GeneratedRegex(@"\bfunction\s*\w*\(([\w, ]*)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\blocal function (\w+)")]
    private static partial Regex LocalFunction();

    // Not a field (a.b, a:b), not a key of a table ({ a = 1 } looks like an assignment).
    [GeneratedRegex(@"(?<![\w.:'])[A-Za-z_]\w*\b(?!\s*=[^=])")]
    private static partial Regex Word();
}
