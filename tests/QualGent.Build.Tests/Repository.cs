using System.Diagnostics;

namespace QualGent.Build.Tests;

/// <summary>The sources these tests look at.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every file git knows or would add, as paths from the root.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Git("ls-files", "--cached", "--others", "--exclude-standard").Where(f => File.Exists(Path.Combine(Root, f))).Order()];

    public static IEnumerable<string> FilesEnding(string ending) => Files.Where(f => f.EndsWith(ending, StringComparison.Ordinal));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static bool IsText(string file) => !(file.EndsWith(".apk", StringComparison.Ordinal) || file.EndsWith(".png", StringComparison.Ordinal));

    private static string[] Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", Root, .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException($"git ended with {process.ExitCode}");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "QualGent.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("QualGent.sln is not above the tests.");
        }
        return folder.FullName;
    }
}
