using System.Text;

namespace QualGent.Contracts;

/// <summary>
/// Names of artifacts: relative paths of letters, digits, <c>.</c>, <c>_</c> and <c>-</c> that mean the same file below any folder,
/// on any system, whatever a test calls its attachments.
/// </summary>
public static class ArtifactName
{
    private const int PartLength = 60;
    private const int PartsMax = 6;
    private static readonly HashSet<string> s_devices = new(["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"com{i}", $"lpt{i}"])], StringComparer.OrdinalIgnoreCase);

    /// <summary>A part of a name that resembles a text and keeps its ending: <c>Übersicht: Notes #1.png</c> becomes <c>Übersicht-Notes-1.png</c>.</summary>
    public static string Part(string text)
    {
        var ending = Path.GetExtension(text) is { Length: > 1 and <= 10 } found && found.Skip(1).All(char.IsAsciiLetterOrDigit) ? found : "";
        var stem = new StringBuilder();
        foreach (var c in text[..^ending.Length].TakeWhile(_ => stem.Length < PartLength - ending.Length))
        {
            if (IsPlain(c))
            {
                stem.Append(c);
            }
            else if (stem.Length > 0 && stem[^1] != '-')
            {
                stem.Append('-');
            }
        }

        var made = stem.ToString().Trim('-', '.');
        return (made.Length == 0 ? "file" : IsDevice(made) ? "_" + made : made) + ending;
    }

    /// <summary>
    /// Folder of a job among those of its run: its number and its test, <c>0007-tests-notes.spec.ts</c>; in a matrix behind the number of its cell,
    /// <c>2.0007-tests-notes.spec.ts</c>, because every cell counts its jobs from 0.
    /// </summary>
    public static string FolderOf(JobView job)
    {
        var (dot, split) = (job.Id.IndexOf('.', StringComparison.Ordinal), job.Id.LastIndexOf('_'));
        var cell = dot < 0 ? "" : job.Id[(dot + 1)..split] + ".";
        return $"{cell}{job.Id[(split + 1)..].PadLeft(4, '0')}-{Part(job.TestPath)}";
    }

    /// <summary>Whether a name has the form of this class; one that comes from elsewhere is not to be used as a path without this question.</summary>
    public static bool IsSafe(string name) =>
        name.Split('/') is { Length: <= PartsMax } parts
        && parts.All(part => part.Length is > 0 and <= PartLength + 40 && part.All(IsPlain) && part[0] is not ('.' or '-') && part[^1] != '.' && !IsDevice(part));

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-';

    // Windows opens a device for "nul.txt", whatever folder that is said to be in.
    private static bool IsDevice(string part) => s_devices.Contains(part.Split('.')[0]);
}
