namespace QualGent.Api.Blobs.S3;

/// <summary>
/// A blob on its way into the bucket: kept back in memory up to one part, then in parts that nobody sees until <see cref="SettleAsync"/>.
/// </summary>
internal sealed class S3Upload : IAsyncDisposable
{
    // Parts but the last have at least 5 MB, and there are at most 10,000 of them: 80 GB with these. A multiple of the digest's blocks.
    private const int PartBytes = 8 * 1024 * 1024;

    private readonly S3Bucket _bucket;
    private readonly string _key;
    private readonly PausableSha256 _hash;
    private readonly List<string> _parts;
    private byte[] _part = new byte[128 * 1024];
    private int _filled;
    private string? _uploadId;

    /// <param name="bucket">Where to.</param>
    /// <param name="key">What it will be called.</param>
    /// <param name="partial">An upload that broke off and goes on; null for one from the first byte on.</param>
    public S3Upload(S3Bucket bucket, string key, S3Partial? partial)
    {
        (_bucket, _key) = (bucket, key);
        _parts = [.. partial?.Parts ?? []];
        _hash = partial is null ? new PausableSha256() : PausableSha256.Restore(partial.Bytes, partial.Hash);
        (_uploadId, Partial) = (partial?.UploadId, partial);
    }

    /// <summary>Bytes that were written, those of an upload that goes on included.</summary>
    public long Length => _hash.Length;

    /// <summary>What it takes to go on behind the last whole part that is in the bucket; null while there is none.</summary>
    public S3Partial? Partial { get; private set; }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            if (_filled == PartBytes)
            {
                await SendPartAsync(cancellationToken);
                Partial = new S3Partial(_uploadId!, [.. _parts], Length, _hash.Save());
            }

            if (_filled == _part.Length)
            {
                Array.Resize(ref _part, _part.Length * 2);
            }

            var count = Math.Min(bytes.Length, _part.Length - _filled);
            bytes[..count].CopyTo(_part.AsMemory(_filled));
            _hash.Append(bytes[..count].Span);
            (bytes, _filled) = (bytes[count..], _filled + count);
        }
    }

    /// <summary>Digest of all that was written; nothing can be written behind it.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.Finish());

    /// <summary>Makes it the content of the key.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (_uploadId is null)
        {
            await _bucket.WriteAsync(_key, _part, _filled, cancellationToken);
            return;
        }

        if (_filled > 0)
        {
            await SendPartAsync(cancellationToken);
        }

        await _bucket.CompleteAsync(_key, _uploadId, _parts, cancellationToken);
        _uploadId = null;
    }

    /// <summary>Leaves its parts in the bucket, for who goes on.</summary>
    public void Leave() => _uploadId = null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_uploadId is { } unfinished)
        {
            try
            {
                await _bucket.AbortAsync(_key, unfinished, CancellationToken.None);
            }
            catch (BlobStoreException)
            {
                // It hides nothing that went wrong before; a sweep gives the upload up.
            }
        }
    }

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        _uploadId ??= await _bucket.BeginAsync(_key, cancellationToken);
        _parts.Add(await _bucket.AddPartAsync(_key, _uploadId, _parts.Count + 1, _part, _filled, cancellationToken));
        _filled = 0;
    }
}
