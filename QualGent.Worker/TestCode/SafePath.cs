namespace QualGent.Worker.TestCode;

/// <summary>Turns paths that others chose into paths of this host that stay where they belong.</summary>
public static class SafePath
{
    /// <summary>The real path of something below a folder, or null when it would leave the folder, by its text or through a link.</summary>
    /// <param name="root">A full path.</param>
    /// <param name="relative">Forward slashes, e.g. <c>acme/tests/login.spec.ts</c>.</param>
    public static string? Resolve(string root, string relative)
    {
        if (relative.Length == 0 || relative.Contains('\0') || relative.Contains('\\') || relative.Split('/').Any(part => part is "" or "." or ".."))
        {
            return null;
        }

        var path = RealPath(root);
        var inside = path + Path.DirectorySeparatorChar;
        foreach (var part in relative.Split('/'))
        {
            path = RealPath(Path.Combine(path, part));
            if (!path.StartsWith(inside, StringComparison.Ordinal))
            {
                return null;
            }
        }

        return path;
    }

    private static string RealPath(string path)
    {
        FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return entry.LinkTarget is null ? path : entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }
}
