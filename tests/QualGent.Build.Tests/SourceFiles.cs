using System.Diagnostics;
using QualGent.Testing;

namespace QualGent.Build.Tests;

/// <summary>The sources these tests look at.</summary>
internal static class SourceFiles
{
    /// <summary>Every file git knows or would add, as paths from the root.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Git("ls-files", "--cached", "--others", "--exclude-standard").Where(f => File.Exists(Path.Combine(Repository.Root, f))).Order()];

    public static IEnumerable<string> Ending(string ending) => All.Where(f => f.EndsWith(ending, StringComparison.Ordinal));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Repository.Root, file));

    public static bool IsText(string file) => !(file.EndsWith(".apk", StringComparison.Ordinal) || file.EndsWith(".png", StringComparison.Ordinal));

    private static string[] Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", Repository.Root, .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException($"git ended with {process.ExitCode}");
    }
}
