namespace QualGent.Cli.Projects;

/// <summary>The tester's project: the folder of <c>appwright.config</c>.</summary>
internal static class ProjectFolder
{
    private static readonly string[] s_extensions = [".ts", ".js", ".mjs", ".cjs", ".mts", ".cts"];

    /// <summary>The folder given, or the nearest of the current one and its parents; null when none has a configuration.</summary>
    /// <exception cref="CliException">The folder given has none.</exception>
    public static string? Find(string? given, string current)
    {
        if (given is null)
        {
            var folder = new DirectoryInfo(current);
            while (folder is not null && !HasConfiguration(folder.FullName))
            {
                folder = folder.Parent;
            }

            return folder?.FullName;
        }

        var full = Path.GetFullPath(given, current);
        return HasConfiguration(full)
            ? full
            : throw new CliException(ExitCodes.Usage, $"--project-dir: there is no appwright.config.ts (or .js, .mjs, .cjs, .mts, .cts) in {full}.");
    }

    /// <summary>Whether a name at the top of the project is a configuration's.</summary>
    public static bool IsConfiguration(string name) => s_extensions.Any(extension => name == "appwright.config" + extension);

    private static bool HasConfiguration(string folder) => s_extensions.Any(extension => File.Exists(Path.Combine(folder, "appwright.config" + extension)));
}
