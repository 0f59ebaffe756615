using QualGent.Contracts;

namespace QualGent.Cli.Artifacts;

/// <summary>
/// A folder that takes files from elsewhere: whatever they are called, nothing is written outside it, and a file is there
/// whole or not at all.
/// </summary>
internal sealed class DownloadFolder(string root)
{
    public string Root { get; } = root;

    /// <summary>Writes a file, unless it is there already with these bytes.</summary>
    /// <param name="name">Below the folder.</param>
    /// <param name="digest">SHA-256 that its bytes must have.</param>
    /// <param name="copyAsync">Writes the bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CliException">The name is none of an artifact, the bytes are others, or the disk refuses.</exception>
    public async Task WriteAsync(string name, string digest, Func<Stream, Task> copyAsync, CancellationToken cancellationToken)
    {
        if (!ArtifactName.IsSafe(name))
        {
            throw new CliException(ExitCodes.Errored, $"The server names an artifact '{name}', which could leave the folder; nothing of it was written.", "Update qgjob, or look who answers at that address.");
        }

        try
        {
            var path = Path.Combine(Root, Path.Combine(name.Split('/')));
            RefuseLinks(path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path) || await DigestAsync(path, cancellationToken) != digest)
            {
                await ReplaceAsync(path, digest, copyAsync, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"The artifact cannot be written: {e.Message}", "Name another folder with --output, or make room.");
        }
    }

    private static async Task ReplaceAsync(string path, string digest, Func<Stream, Task> copyAsync, CancellationToken cancellationToken)
    {
        var draft = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.part");
        try
        {
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await copyAsync(file);
            }

            var actual = await DigestAsync(draft, cancellationToken);
            if (actual != digest)
            {
                throw new CliException(ExitCodes.Errored, $"'{Path.GetFileName(path)}' arrived with other bytes than were stored (SHA-256 {actual}).", "Try again; if it stays so, the blob store is damaged.");
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // A link that lies in the folder already could lead a file out of it.
    private void RefuseLinks(string path)
    {
        for (var above = path; above.Length > Root.Length; above = Path.GetDirectoryName(above)!)
        {
            if (new FileInfo(above).LinkTarget is not null)
            {
                throw new CliException(ExitCodes.Usage, $"'{above}' is a link; nothing is written through it.", "Remove it, or name another folder with --output.");
            }
        }
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await BlobDigest.OfAsync(file, cancellationToken);
    }
}
