using System.Security.Cryptography;
using System.Text;

namespace QualGent.Worker.TestCode;

/// <summary>The files of a test project at one moment: name, and SHA-256 of the content.</summary>
public sealed class FolderSnapshot
{
    private static readonly string[] s_excluded = ["node_modules", ".git", "test-results", "playwright-report"];

    private FolderSnapshot(string root, IReadOnlyDictionary<string, string> files)
    {
        Root = root;
        Files = files;
        var lines = string.Join('\n', files.Select(file => $"{file.Value}  {file.Key}"));
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Content digests by path relative to the folder, with forward slashes.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>Digest of all names and contents.</summary>
    public string Digest { get; }

    /// <summary>The same files after their folder was moved.</summary>
    public FolderSnapshot MovedTo(string root) => new(root, Files);

    /// <summary>
    /// Reads a folder. Dependencies, histories and results stay out; a link is followed when it leads to a file inside the
    /// folder, and otherwise is no part of the project.
    /// </summary>
    public static async Task<FolderSnapshot> TakeAsync(string root, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Walk(new DirectoryInfo(root)))
        {
            var name = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (SafePath.Resolve(root, name) is { } real && File.Exists(real))
            {
                await using var stream = File.OpenRead(real);
                files[name] = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
            }
        }

        return new FolderSnapshot(root, files);
    }

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (s_excluded.Contains(entry.Name, StringComparer.Ordinal))
            {
                continue;
            }

            if (entry is DirectoryInfo below)
            {
                foreach (var file in below.LinkTarget is null ? Walk(below) : [])
                {
                    yield return file;
                }
            }
            else
            {
                yield return entry.FullName;
            }
        }
    }
}
