using System.IO.Enumeration;

namespace QualGent.Cli.Projects;

/// <summary>Lists a project's own files: no dependencies, no hidden folders, no links out of the folder.</summary>
internal static class ProjectFiles
{
    private const int EntriesMax = 200_000;

    /// <summary>Paths relative to the project with forward slashes, in ordinal order.</summary>
    /// <exception cref="CliException">There are more than could reasonably belong to a test project.</exception>
    public static IReadOnlyList<string> List(string project)
    {
        var entries = 0;
        var files = new FileSystemEnumerable<string>(
            project,
            (ref FileSystemEntry entry) => Path.GetRelativePath(project, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                ++entries <= EntriesMax
                && entry.FileName is not "node_modules"
                && !entry.FileName.StartsWith('.')
                && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        }.Take(EntriesMax + 1).Order(StringComparer.Ordinal).ToList();
        return files.Count <= EntriesMax && entries <= EntriesMax
            ? files
            : throw new CliException(ExitCodes.Usage, $"{project} holds more than {EntriesMax} files; name the tests one by one, or the project with --project-dir.");
    }
}
