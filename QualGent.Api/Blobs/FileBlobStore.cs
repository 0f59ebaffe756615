using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace QualGent.Api.Blobs;

/// <summary>Blobs as files of one folder, which several API instances may share.</summary>
internal sealed class FileBlobStore(BlobFolder folder, IOptions<BlobOptions> options, TimeProvider time) : IBlobStore
{
    private readonly OrgUsage _usage = new((orgId, _) => Task.FromResult(Files(folder.Org(orgId)).Sum(Length)), time);

    /// <summary>Bytes read and written at once.</summary>
    public const int ChunkBytes = 128 * 1024;

    /// <inheritdoc/>
    public Task<long?> TouchAsync(BlobName name, CancellationToken cancellationToken)
    {
        var path = folder.Blob(name);
        try
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return Task.FromResult<long?>(new FileInfo(path).Length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<long?>(null);
        }
    }

    /// <inheritdoc/>
    public Task<long> PartialLengthAsync(BlobName name, CancellationToken cancellationToken) =>
        Task.FromResult(new FileInfo(folder.Partial(name)) is { Exists: true } file ? file.Length : 0);

    /// <inheritdoc/>
    public async Task<BlobPut> PutAsync(BlobName name, Stream content, long offset, CancellationToken cancellationToken)
    {
        try
        {
            await using var upload = offset == 0 ? Upload.Begin(folder, name.OrgId) : await Upload.ResumeAsync(folder, name, offset, cancellationToken);
            return upload is null
                ? new BlobPut.WrongOffset(await PartialLengthAsync(name, cancellationToken))
                : await FillAsync(upload, name, content, cancellationToken);
        }
        catch (Exception e) when (DiskFull.Is(e))
        {
            return new BlobPut.StorageFull();
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(BlobName name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(folder.Blob(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, ChunkBytes, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobName> ListAsync(DateTimeOffset unusedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var orgId in folder.OrgIds())
        {
            foreach (var file in Files(folder.Blobs(orgId)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (file.LastWriteTimeUtc < unusedSince.UtcDateTime)
                {
                    yield return new BlobName(orgId, file.Name);
                }
            }
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(BlobName name, DateTimeOffset unusedSince, CancellationToken cancellationToken)
    {
        // Out of sight first, then looked at again: who touches it after the look finds nothing and uploads it anew.
        var (path, aside) = (folder.Blob(name), folder.NewUpload(name.OrgId));
        try
        {
            Directory.CreateDirectory(folder.Uploads(name.OrgId));
            File.Move(path, aside);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(true);
        }

        var file = new FileInfo(aside);
        if (file.LastWriteTimeUtc >= unusedSince.UtcDateTime)
        {
            File.Move(aside, path, overwrite: true);
            return Task.FromResult(false);
        }

        _usage.Give(name.OrgId, file.Length);
        file.Delete();
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task SweepUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (var orgId in folder.OrgIds())
        {
            foreach (var file in Files(folder.Uploads(orgId)).Where(file => file.LastWriteTimeUtc < before.UtcDateTime))
            {
                file.Delete();
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<string?> ReadPoolAsync(CancellationToken cancellationToken) =>
        File.Exists(folder.PoolId) ? (await File.ReadAllTextAsync(folder.PoolId, cancellationToken)).Trim() : null;

    /// <inheritdoc/>
    public async Task ClaimForPoolAsync(string poolId, CancellationToken cancellationToken)
    {
        var draft = $"{folder.PoolId}.{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(draft, poolId + "\n", cancellationToken);
        try
        {
            File.Move(draft, folder.PoolId, overwrite: false);
        }
        catch (IOException) when (File.Exists(folder.PoolId))
        {
            File.Delete(draft); // another instance was faster
        }
    }

    private async Task<BlobPut> FillAsync(Upload upload, BlobName name, Stream content, CancellationToken cancellationToken)
    {
        // One that is there already is replaced all the same: a file that went bad is whole again after an upload.
        var path = folder.Blob(name);
        var replaced = new FileInfo(path) is { Exists: true } before ? before.Length : -1;
        var (most, taken) = (options.Value, 0L);
        var keeps = false;
        try
        {
            var buffer = new byte[ChunkBytes];
            while (true)
            {
                keeps = true;
                var count = await content.ReadAsync(buffer, cancellationToken);
                keeps = false;
                if (count == 0)
                {
                    break;
                }

                if (upload.Length + count > most.BytesMax)
                {
                    return new BlobPut.TooLarge(most.BytesMax);
                }

                if (!await _usage.TryTakeAsync(name.OrgId, count, most.OrgBytesMax + Math.Max(0, replaced), CancellationToken.None))
                {
                    return new BlobPut.OrgFull(most.OrgBytesMax);
                }

                taken += count;
                await upload.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
            }

            if (upload.Digest() != name.Digest)
            {
                return new BlobPut.WrongDigest(upload.Digest());
            }

            upload.SettleAs(path, time.GetUtcNow());
            taken = Math.Max(0, replaced);
            return new BlobPut.Stored(replaced < 0);
        }
        catch when (keeps && upload.Length > 0)
        {
            upload.KeepAs(folder.Partial(name));
            taken = 0;
            throw;
        }
        finally
        {
            _usage.Give(name.OrgId, taken);
        }
    }

    private static IEnumerable<FileInfo> Files(string path) => new DirectoryInfo(path) is { Exists: true } found
        ? found.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
        : [];

    // A file may have moved on since it was listed.
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
