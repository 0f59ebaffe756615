using System.Globalization;

namespace QualGent.AppHost.Tests;

/// <summary>Which processes of this machine belong to a test: those whose environment or arguments name its folder.</summary>
internal static class ProcessTable
{
    public sealed record Entry(int Id, string CommandLine, IReadOnlyDictionary<string, string> Environment);

    public static IReadOnlyList<Entry> WithEnvironment(string text) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Entry>()
            .Where(e => e.Id != Environment.ProcessId && (e.CommandLine.Contains(text, StringComparison.Ordinal) || e.Environment.Values.Any(v => v.Contains(text, StringComparison.Ordinal))))];

    private static Entry? Read(int id)
    {
        try
        {
            var commandLine = File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ').Trim();
            // A zombie has neither arguments nor environment: it is gone, only not yet buried.
            return commandLine.Length == 0 ? null : new Entry(id, commandLine, ParseEnvironment(File.ReadAllText($"/proc/{id}/environ")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended while we were looking, or is somebody else's
        }
    }

    // "A=1\0B=2\0"
    private static Dictionary<string, string> ParseEnvironment(string text) => text
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0])
        .ToDictionary(group => group.Key, group => group.Last()[1]);
}
