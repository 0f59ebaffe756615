using System.Security.Cryptography;

namespace QualGent.Api.Blobs;

/// <summary>
/// A file that is being written: becomes a blob, is kept for another try, or is gone. Two uploads of one blob have a file each;
/// what broke off is taken over by a rename, so that only one of them goes on with it.
/// </summary>
internal sealed class Upload : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isMoved;

    private Upload(string path, FileMode mode)
    {
        _path = path;
        // Unbuffered, so that a full disk shows in the write that meets it.
        _file = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);
    }

    public long Length { get; private set; }

    /// <summary>An upload from the first byte on.</summary>
    public static Upload Begin(BlobFolder folder, string orgId)
    {
        Directory.CreateDirectory(folder.Uploads(orgId));
        return new Upload(folder.NewUpload(orgId), FileMode.CreateNew);
    }

    /// <summary>Goes on with what broke off, which must be of that length; null when it is not or is somebody else's by now.</summary>
    public static async Task<Upload?> ResumeAsync(BlobFolder folder, BlobName name, long offset, CancellationToken cancellationToken)
    {
        var path = folder.NewUpload(name.OrgId);
        try
        {
            File.Move(folder.Partial(name), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var upload = new Upload(path, FileMode.Open);
        try
        {
            await upload.ReadAgainAsync(cancellationToken);
            if (upload.Length == offset)
            {
                return upload;
            }
        }
        catch (OperationCanceledException)
        {
            upload.KeepAs(folder.Partial(name));
            await upload.DisposeAsync();
            throw;
        }

        upload.KeepAs(folder.Partial(name));
        await upload.DisposeAsync();
        return null;
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var written = _file.WriteAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span); // while the bytes are on their way to the disk
        await written;
        Length += bytes.Length;
    }

    /// <summary>Digest of all that was written.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Makes it the file of that name, durably.</summary>
    public void SettleAs(string path, DateTimeOffset at)
    {
        _file.Flush(flushToDisk: true);
        File.SetLastWriteTimeUtc(_path, at.UtcDateTime);
        BlobFolder.Settle(_path, path);
        _isMoved = true;
    }

    /// <summary>Leaves what came for another try; in the place of an earlier try's.</summary>
    public void KeepAs(string path)
    {
        File.Move(_path, path, overwrite: true);
        _isMoved = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _file.DisposeAsync();
        if (!_isMoved)
        {
            File.Delete(_path);
        }
    }

    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[FileBlobStore.ChunkBytes];
        for (int count; (count = await _file.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            _hash.AppendData(buffer.AsSpan(0, count));
            Length += count;
        }
    }
}
