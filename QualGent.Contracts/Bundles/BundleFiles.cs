using System.Globalization;
using System.IO.Enumeration;

namespace QualGent.Contracts.Bundles;

/// <summary>Which files of a project folder travel: what git would commit, plus <c>.qgjobinclude</c>, minus <c>.qgjobignore</c>.</summary>
public static class BundleFiles
{
    /// <summary>File of patterns of what travels although git ignores it, in the project's folder.</summary>
    public const string IncludeFile = ".qgjobinclude";

    /// <summary>File of patterns of what stays at home, in the project's folder.</summary>
    public const string IgnoreFile = ".qgjobignore";

    private const int OffendersNamed = 5;

    // Made anew on the agent, or of no use there.
    private static readonly string[] s_never = ["node_modules", ".git", "test-results", "playwright-report"];

    /// <summary>Names relative to the folder, with forward slashes, in ordinal order. Outside a git work tree all files count as committed.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="BundleException">git cannot be asked, or a pattern is none.</exception>
    public static IReadOnlyList<string> List(string folder, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        var include = PathPatterns.Read(Path.Combine(root, IncludeFile));
        var ignore = PathPatterns.Read(Path.Combine(root, IgnoreFile));
        var files = new SortedSet<string>(StringComparer.Ordinal);
        if (GitFiles.IsWorkTree(root))
        {
            files.UnionWith(GitFiles.List(root, cancellationToken).Where(Travels));
            files.UnionWith(include.IsEmpty ? [] : Walk(root).Where(include.Matches));
        }
        else
        {
            files.UnionWith(Walk(root));
        }

        files.RemoveWhere(ignore.Matches);
        return [.. files];
    }

    /// <summary>Refuses what is too large to travel, and names what makes it so.</summary>
    /// <param name="files">Names and lengths.</param>
    /// <exception cref="BundleException">It is too large.</exception>
    internal static void CheckSize(IReadOnlyCollection<(string Name, long Length)> files)
    {
        var count = files.Count + files.SelectMany(file => BundlePath.Parents(file.Name)).Distinct(StringComparer.Ordinal).Count();
        if (count > Limits.BundleEntries)
        {
            throw new BundleException($"There are {count} files and folders to pack; at most {Limits.BundleEntries} are allowed. {Advice} Most are in: {Crowded(files.Select(file => file.Name))}.");
        }

        var total = files.Sum(file => file.Length);
        if (total > Limits.BundleBytes)
        {
            var largest = files.OrderByDescending(file => file.Length).Take(OffendersNamed).Select(file => $"  {Megabytes(file.Length),8}  {BundlePath.Shown(file.Name)}");
            throw new BundleException($"The files to pack have {Megabytes(total)} together; at most {Megabytes(Limits.BundleBytes)} are allowed. {Advice} The largest:\n{string.Join('\n', largest)}");
        }
    }

    private static string Advice => $"Leave out what the tests do not need with a {IgnoreFile}.";

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    private static bool Travels(string name) => !name.Split('/').Any(part => s_never.Contains(part, StringComparer.Ordinal));

    private static string Crowded(IEnumerable<string> files) => string.Join(", ", files
        .GroupBy(name => name.Contains('/') ? name[..name.LastIndexOf('/')] : ".", StringComparer.Ordinal)
        .OrderByDescending(group => group.Count())
        .Take(OffendersNamed)
        .Select(group => $"{BundlePath.Shown(group.Key)} ({group.Count()})"));

    // Links are files here and never followed.
    private static FileSystemEnumerable<string> Walk(string root) => new(
        root,
        (ref FileSystemEntry entry) => Path.GetRelativePath(root, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => (!entry.IsDirectory || IsLink(ref entry)) && !IsNever(ref entry),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry) && !IsNever(ref entry),
    };

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static bool IsNever(ref FileSystemEntry entry) => s_never.Contains(entry.FileName.ToString(), StringComparer.Ordinal);
}
