using System.Globalization;

namespace QualGent.Testing;

/// <summary>A process of this machine as <c>/proc</c> shows it, read without the product's help.</summary>
public sealed record RunningProcess(int Id, string CommandLine, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Those that belong to a test: arguments, environment or working directory name its folder, its batch, its password.</summary>
    public static IReadOnlyList<RunningProcess> Naming(string text) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<RunningProcess>()
            .Where(process => process.Id != System.Environment.ProcessId && process.Names(text))];

    private bool Names(string text) =>
        CommandLine.Contains(text, StringComparison.Ordinal) || WorkingDirectory.Contains(text, StringComparison.Ordinal) || Environment.Values.Any(value => value.Contains(text, StringComparison.Ordinal));

    private static RunningProcess? Read(int id)
    {
        try
        {
            var commandLine = File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ').Trim();
            // A zombie has neither arguments nor environment: it is gone, only not yet buried.
            return commandLine.Length == 0 ? null : new RunningProcess(id, commandLine, new FileInfo($"/proc/{id}/cwd").LinkTarget ?? "", ParseEnvironment(File.ReadAllText($"/proc/{id}/environ")));
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
