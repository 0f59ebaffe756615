using System.IO.Compression;
using System.Text.Json;
using QualGent.Api.Blobs;
using QualGent.Api.Hosting;
using QualGent.Contracts;

namespace QualGent.Api.Artifacts;

/// <summary>
/// Writes artifacts into a zip, a piece at a time: no file is in memory as a whole. Entries are named
/// <c>{folder of the job}/{name of the artifact}</c>, which is unique and safe below any folder.
/// </summary>
internal sealed class ArtifactZip
{
    private const string Manifest = "artifacts.json";
    private readonly ZipArchive _zip;
    private readonly IBlobStore _store;

    private ArtifactZip(ZipArchive zip, IBlobStore store) => (_zip, _store) = (zip, store);

    public static async Task<ArtifactZip> BeginAsync(Stream output, IBlobStore store, CancellationToken cancellationToken) =>
        new(await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken), store);

    /// <summary>Adds all of a job that can be had, and the list of it.</summary>
    public async Task AddAsync(JobView job, JobArtifacts artifacts, CancellationToken cancellationToken)
    {
        if (artifacts.Artifacts.Count == 0)
        {
            return;
        }

        var folder = ArtifactName.FolderOf(job);
        var at = job.FinishedAt ?? job.CreatedAt;
        var told = new List<ArtifactView>(artifacts.Artifacts.Count);
        foreach (var artifact in artifacts.Artifacts)
        {
            told.Add(await AddAsync(job.OrgId, folder, at, artifact, cancellationToken));
        }

        await using var entry = await OpenAsync($"{folder}/{Manifest}", CompressionLevel.Fastest, at, cancellationToken);
        await JsonSerializer.SerializeAsync(entry, artifacts with { Artifacts = told }, WireJson.Readable.JobArtifacts, cancellationToken);
    }

    /// <summary>Writes the table of contents.</summary>
    public ValueTask EndAsync() => _zip.DisposeAsync();

    private async Task<ArtifactView> AddAsync(string orgId, string folder, DateTimeOffset at, ArtifactView artifact, CancellationToken cancellationToken)
    {
        if (artifact is not { State: ArtifactState.Stored, Sha256: { } digest } || !ArtifactName.IsSafe(artifact.Name))
        {
            return artifact;
        }

        await using var content = await _store.OpenAsync(new BlobName(orgId, digest), cancellationToken);
        if (content is null)
        {
            return artifact with { State = ArtifactState.Missing, Reason = "Its blob is not in the store any more." };
        }

        // What tests leave behind is compressed already, but for texts.
        var level = artifact.ContentType.StartsWith("text/", StringComparison.Ordinal) || artifact.ContentType.EndsWith("json", StringComparison.Ordinal) ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
        await using var entry = await OpenAsync($"{folder}/{artifact.Name}", level, at, cancellationToken);
        await content.CopyToAsync(entry, FileBlobStore.ChunkBytes, cancellationToken);
        return artifact;
    }

    private Task<Stream> OpenAsync(string name, CompressionLevel level, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var entry = _zip.CreateEntry(name, level);
        entry.LastWriteTime = at;
        return entry.OpenAsync(cancellationToken);
    }
}
