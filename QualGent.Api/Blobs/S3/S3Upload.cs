using System.Security.Cryptography;
using Amazon.S3.Model;

namespace QualGent.Api.Blobs.S3;

/// <summary>A blob on its way into the bucket: kept back in memory up to one part, then in parts that nobody sees until <see cref="SettleAsync"/>.</summary>
internal sealed class S3Upload(S3Bucket bucket, string key) : IAsyncDisposable
{
    // Parts but the last have at least 5 MB, and there are at most 10,000 of them: 80 GB with these.
    private const int PartBytes = 8 * 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<PartETag> _parts = [];
    private byte[] _part = new byte[128 * 1024];
    private int _filled;
    private string? _uploadId;

    public long Length { get; private set; }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
        while (bytes.Length > 0)
        {
            if (_filled == _part.Length && _part.Length < PartBytes)
            {
                Array.Resize(ref _part, _part.Length * 2);
            }

            var count = Math.Min(bytes.Length, _part.Length - _filled);
            bytes[..count].CopyTo(_part.AsMemory(_filled));
            (bytes, _filled) = (bytes[count..], _filled + count);
            if (_filled == PartBytes)
            {
                await SendPartAsync(cancellationToken);
            }
        }
    }

    /// <summary>Digest of all that was written.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Makes it the content of the key.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (_uploadId is null)
        {
            await bucket.WriteAsync(key, _part, _filled, cancellationToken);
            return;
        }

        if (_filled > 0)
        {
            await SendPartAsync(cancellationToken);
        }

        await bucket.CompleteAsync(key, _uploadId, _parts, cancellationToken);
        _uploadId = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_uploadId is { } unfinished)
        {
            try
            {
                await bucket.AbortAsync(key, unfinished, CancellationToken.None);
            }
            catch (BlobStoreException)
            {
                // It hides nothing that went wrong before; a sweep gives the upload up.
            }
        }
    }

    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        _uploadId ??= await bucket.BeginAsync(key, cancellationToken);
        _parts.Add(await bucket.AddPartAsync(key, _uploadId, _parts.Count + 1, _part, _filled, cancellationToken));
        _filled = 0;
    }
}
