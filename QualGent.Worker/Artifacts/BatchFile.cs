namespace QualGent.Worker.Artifacts;

/// <summary>Opens files that tests name: only what lies below the batch's folder, and nothing behind a link.</summary>
internal static class BatchFile
{
    /// <summary>The file, or null with the reason why there is none.</summary>
    public static Stream? Open(string folder, string path, out string? reason)
    {
        var root = Path.GetFullPath(folder);
        var file = Path.GetFullPath(path, root);
        if (!file.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            reason = "It lies outside the folder of its batch.";
            return null;
        }

        try
        {
            for (var above = file; above.Length > root.Length; above = Path.GetDirectoryName(above)!)
            {
                if (new FileInfo(above).LinkTarget is not null)
                {
                    reason = "It is, or lies behind, a symbolic link.";
                    return null;
                }
            }

            if (new FileInfo(file) is not { Exists: true } there)
            {
                reason = "It was not there when the test had ended.";
                return null;
            }

            reason = null;
            if (there.Length == 0)
            {
                return new MemoryStream([], writable: false); // Never opened: it may be a pipe, which waits for a writer.
            }

            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = $"It could not be read: {e.Message}";
            return null;
        }
    }
}
