using System.Globalization;
using System.Text;

namespace QualGent.Worker.Processes;

/// <summary>One process as Linux sees it. A pid alone names nobody, because numbers come round again: pid and start time do.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Group">Process group.</param>
/// <param name="Start">Start time in clock ticks since boot, as text.</param>
public sealed record ProcessEntry(int Pid, int Group, string Start);

/// <summary>Reads <c>/proc</c>.</summary>
public static class ProcessTable
{
    /// <summary>All living processes that can be read; a zombie does nothing any more and is not among them.</summary>
    public static IReadOnlyList<ProcessEntry> List() =>
        [.. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? Find(pid) : null).OfType<ProcessEntry>()];

    /// <summary>One process, or null when it does not live.</summary>
    public static ProcessEntry? Find(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText($"/proc/{pid}/stat", Encoding.Latin1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the environment the process was started with holds exactly this variable.</summary>
    public static bool HasVariable(int pid, string name, string value)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ", Encoding.Latin1).Split('\0').Contains($"{name}={value}", StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Ended meanwhile, or not ours to read.
        }
    }

    /// <summary>
    /// Reads a line of <c>/proc/PID/stat</c>. The program's name stands in brackets and may hold spaces and brackets itself,
    /// so fields are counted from the last one: <c>4321 (node (x) y) S 4300 4321 4321 0 -1 … 918273 …</c>
    /// </summary>
    internal static ProcessEntry? Parse(int pid, string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : new ProcessEntry(pid, int.Parse(fields[2], CultureInfo.InvariantCulture), fields[19]);
    }
}
