using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary>The sources without anything a build or a run made: what a fresh clone holds, with the changes not committed yet.</summary>
public sealed class CleanCopy : IDisposable
{
    private static readonly string[] s_made = [".git", ".data", "artifacts", "bin", "node_modules", "obj"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qualgent-clone-");

    public CleanCopy() => Copy(new DirectoryInfo(Repository.Root), _folder.CreateSubdirectory("clone"));

    /// <summary>Holds the copy and nothing else.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Top of the copy.</summary>
    public string Root => Path.Combine(Folder, "clone");

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.EnumerateFiles().Where(file => !s_made.Contains(file.Name)))
        {
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        }

        foreach (var folder in from.EnumerateDirectories().Where(folder => !s_made.Contains(folder.Name)))
        {
            Copy(folder, to.CreateSubdirectory(folder.Name));
        }
    }
}
