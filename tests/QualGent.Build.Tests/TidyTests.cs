using System.Text.RegularExpressions;
using QualGent.Testing;

namespace QualGent.Build.Tests;

/// <summary>The rules of CONTRIBUTING.md that a machine can check.</summary>
public sealed partial class TidyTests
{
    private const int LongestCSharpFile = 400;
    private const int LongestScript = 120;

    // Built from parts, or this file would break its own rules.
    private static readonly string[] s_registryHosts = ["registry.npm" + "js.org", "api.nu" + "get.org", "www.nu" + "get.org", "registry" + ".yarnpkg.com", "pypi" + ".org", "proxy" + ".golang.org"];
    private static readonly string[] s_machinePaths = ["/wor" + "k/", "/roo" + "t/"];
    private static readonly string[] s_unfinished = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "Ski" + "p = \"", "HA" + "CK:"];

    private static readonly string[] s_headerWords = ["KEYS", "ARGV", "Returns"];

    [Fact]
    public void CSharp_Clock_IsAlwaysInjected() => AssertNoLine(".cs", RawClock(), "take a TimeProvider");

    [Fact]
    public void CSharp_Delay_NamesItsClock() =>
        AssertNone(from file in SourceFiles.Ending(".cs")
                   from call in DelayCall().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))
                   where !ClockArgument().IsMatch(call.Value)
                   select $"{file}: {call.Value.ReplaceLineEndings(" ")}");

    [Fact]
    public void CSharp_File_IsNotTooLong() => AssertNone(TooLong(".cs", LongestCSharpFile));

    [Fact]
    public void Lua_File_IsNotTooLong() => AssertNone(TooLong(".lua", LongestScript));

    [Fact]
    public void Lua_Operation_SaysWhatItTakesAndReturns() => AssertNone(
        from file in SourceFiles.Ending(".lua")
        where file.Contains("/Scripts/", StringComparison.Ordinal) && !file.Contains("/includes/", StringComparison.OrdinalIgnoreCase)
        let comments = string.Join('\n', SourceFiles.Lines(file).Where(l => l.StartsWith("--", StringComparison.Ordinal)))
        from word in s_headerWords
        where !comments.Contains(word, StringComparison.OrdinalIgnoreCase)
        select $"{file}: no comment says {word}");

    [Fact]
    public void Text_RegistryHost_IsNowhere() => AssertNone(LinesWith(s_registryHosts));

    [Fact]
    public void Text_PathOfOneMachine_IsNowhere() => AssertNone(LinesWith(s_machinePaths));

    [Fact]
    public void Source_Unfinished_IsNowhere() => AssertNone(LinesWith(s_unfinished).Where(l => !l.StartsWith("samples/", StringComparison.Ordinal)));

    [Fact]
    public void LockFile_Address_IsNowhere() => AssertNone(
        from file in SourceFiles.Ending("package-lock.json")
        from line in SourceFiles.Lines(file)
        where line.Contains("\"resolved\"", StringComparison.Ordinal) && !line.Contains("\"resolved\": \"../", StringComparison.Ordinal)
        select $"{file}: {line.Trim()}");

    [Fact]
    public void Shell_Script_IsExecutable() => AssertNone(
        from file in SourceFiles.All
        where file.EndsWith(".sh", StringComparison.Ordinal) || file is "qgjob" or "eng/bench" or "eng/fuzz" or "eng/sim" or ".ci/run"
        where !OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path.Combine(Repository.Root, file)) & UnixFileMode.UserExecute) == 0
        select file);

    private static IEnumerable<string> TooLong(string ending, int most) =>
        from file in SourceFiles.Ending(ending)
        let lines = SourceFiles.Lines(file).Length
        where lines > most
        select $"{file}: {lines} lines, at most {most}";

    private static IEnumerable<string> LinesWith(string[] words) =>
        from file in SourceFiles.All
        where SourceFiles.IsText(file)
        from line in SourceFiles.Lines(file).Index()
        from word in words
        where line.Item.Contains(word, StringComparison.Ordinal)
        select $"{file}:{line.Index + 1}: {word}";

    private static void AssertNoLine(string ending, Regex forbidden, string instead) => AssertNone(
        from file in SourceFiles.Ending(ending)
        from line in SourceFiles.Lines(file).Index()
        where forbidden.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()} ({instead})");

    private static void AssertNone(IEnumerable<string> offences)
    {
        Assert.True(SourceFiles.All.Count > 50, "git listed too few files for this to mean anything");
        Assert.Empty(offences);
    }

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now\b|Environment\.TickCount|Thread\.Sleep\s*\(|Stopwatch\.(StartNew|GetTimestamp)")]
    private static partial Regex RawClock();

    [GeneratedRegex(@"Task\.Delay\((?>[^()]+|\((?<open>)|\)(?<-open>))*(?(open)(?!))\)")]
    private static partial Regex DelayCall();

    // Task.Delay(pause, time, token), Task.Delay(pause, TimeProvider.System), Task.Delay(pause, _clock, token)
    [GeneratedRegex(@",\s*(TimeProvider\.System|[\w.]*([tT]ime|[cC]lock)\w*)\s*[,)]")]
    private static partial Regex ClockArgument();
}
