using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Options;

namespace QualGent.Api.Blobs.S3;

/// <summary>
/// Blobs as objects of an S3-compatible bucket:
/// <code>
/// pool-id                         id of the pool whose Redis knows what is referenced
/// blobs/{org}/{digest}            a blob
/// used/{org}/{digest}             nothing; written when the blob is used, because an object's own time cannot be changed
/// going/{org}/{digest}/{who}      nothing; stands while the blob is being removed, one for each who does
/// partial/{org}/{digest}/{bytes}  an upload that broke off, of which so many bytes are there
/// </code>
/// The marks keep uses and removals apart (<see cref="S3Marks"/>). An upload that breaks off goes on behind the last part that came, at any API
/// instance (<see cref="S3Partials"/>).
/// </summary>
internal sealed class S3BlobStore : IBlobStore
{
    private const int ChunkBytes = 128 * 1024;
    private static readonly TimeSpan s_longestUpload = TimeSpan.FromDays(1);
    private readonly S3Bucket _bucket;
    private readonly BlobOptions _options;
    private readonly OrgUsage _usage;
    private readonly S3Marks _marks;
    private readonly S3Partials _partials;

    public S3BlobStore(S3Bucket bucket, IOptions<BlobOptions> options, TimeProvider time)
    {
        (_bucket, _options) = (bucket, options.Value);
        _usage = new OrgUsage(MeasureAsync, time);
        (_marks, _partials) = (new S3Marks(bucket, time), new S3Partials(bucket));
    }

    /// <inheritdoc/>
    public async Task<long?> TouchAsync(BlobName name, CancellationToken cancellationToken)
    {
        if (await _bucket.FindAsync(Blob(name), cancellationToken) is null)
        {
            return null;
        }

        return await _marks.UseAsync(name, cancellationToken) ? (await _bucket.FindAsync(Blob(name), cancellationToken))?.Bytes : null;
    }

    /// <inheritdoc/>
    public Task<long> PartialLengthAsync(BlobName name, CancellationToken cancellationToken) => _partials.LengthAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async Task<BlobPut> PutAsync(BlobName name, Stream content, long offset, CancellationToken cancellationToken)
    {
        var partial = offset > 0 ? await _partials.TakeAsync(name, offset, cancellationToken) : null;
        if (offset > 0 && partial is null)
        {
            return new BlobPut.WrongOffset(await PartialLengthAsync(name, cancellationToken));
        }

        await using var upload = new S3Upload(_bucket, Blob(name), partial);
        try
        {
            return await FillAsync(upload, name, content, cancellationToken);
        }
        catch (BlobStoreException e) when (e.IsFull)
        {
            return new BlobPut.StorageFull();
        }
        catch (Exception e) when (e is not BlobStoreException && upload.Partial is not null)
        {
            await _partials.KeepAsync(name, upload.Partial, CancellationToken.None);
            upload.Leave();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(BlobName name, CancellationToken cancellationToken) =>
        await _bucket.FindAsync(Blob(name), cancellationToken) is { } found ? new S3ReadStream(_bucket, found.Key, found.Bytes) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobName> ListAsync(DateTimeOffset unusedSince, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Both lists are in the order of organisation and digest.
        await using var used = _bucket.ListAsync("used/", cancellationToken).GetAsyncEnumerator(cancellationToken);
        var more = await used.MoveNextAsync();
        await foreach (var blob in _bucket.ListAsync("blobs/", cancellationToken))
        {
            var name = blob.Key["blobs/".Length..];
            while (more && string.CompareOrdinal(used.Current.Key["used/".Length..], name) < 0)
            {
                more = await used.MoveNextAsync();
            }

            var lastUse = more && used.Current.Key == "used/" + name && used.Current.WrittenAt > blob.WrittenAt ? used.Current.WrittenAt : blob.WrittenAt;
            // Consoles put an object "blobs/" where somebody makes a folder.
            if (lastUse < unusedSince && name.Split('/') is [{ Length: > 0 } org, { Length: > 0 } digest])
            {
                yield return new BlobName(org, digest);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(BlobName name, DateTimeOffset unusedSince, CancellationToken cancellationToken)
    {
        var removed = await _marks.RemoveAsync(name, unusedSince, cancellationToken);
        _usage.Give(name.OrgId, removed ?? 0);
        return removed is not null;
    }

    /// <inheritdoc/>
    public async Task SweepUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await _partials.SweepAsync(before, cancellationToken);
        // An upload of an instance that died looks like one that takes long.
        await _bucket.AbortOlderAsync(before - s_longestUpload, cancellationToken);
        await _marks.SweepAsync(before, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> ReadPoolAsync(CancellationToken cancellationToken)
    {
        if (await _bucket.ReadAsync("pool-id", 0, cancellationToken) is not { } content)
        {
            return null;
        }

        using var reader = new StreamReader(content, Encoding.UTF8);
        return (await reader.ReadToEndAsync(cancellationToken)).Trim();
    }

    /// <inheritdoc/>
    public async Task ClaimForPoolAsync(string poolId, CancellationToken cancellationToken)
    {
        // Instances of one pool that do so at once write the same.
        if (await ReadPoolAsync(cancellationToken) is null)
        {
            await _bucket.WriteAsync("pool-id", Encoding.UTF8.GetBytes(poolId + "\n"), cancellationToken);
        }
    }

    private async Task<BlobPut> FillAsync(S3Upload upload, BlobName name, Stream content, CancellationToken cancellationToken)
    {
        // What goes on was counted when it broke off.
        var taken = upload.Length;
        try
        {
            var replaced = (await _bucket.FindAsync(Blob(name), cancellationToken))?.Bytes ?? -1;
            var buffer = new byte[ChunkBytes];
            for (int count; (count = await content.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (upload.Length + count > _options.BytesMax)
                {
                    return new BlobPut.TooLarge(_options.BytesMax);
                }

                if (!await _usage.TryTakeAsync(name.OrgId, count, _options.OrgBytesMax + Math.Max(0, replaced), cancellationToken))
                {
                    return new BlobPut.OrgFull(_options.OrgBytesMax);
                }

                taken += count;
                await upload.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }

            if (upload.Digest() is var digest && digest != name.Digest)
            {
                return new BlobPut.WrongDigest(digest);
            }

            await _marks.UseAnewAsync(name, cancellationToken);
            await upload.SettleAsync(cancellationToken);
            taken = Math.Max(0, replaced);
            return new BlobPut.Stored(replaced < 0);
        }
        catch (Exception e) when (e is not BlobStoreException)
        {
            taken -= upload.Partial?.Bytes ?? 0;
            throw;
        }
        finally
        {
            _usage.Give(name.OrgId, taken);
        }
    }

    private async Task<long> MeasureAsync(string orgId, CancellationToken cancellationToken)
    {
        var bytes = await _partials.MeasureAsync(orgId, cancellationToken);
        await foreach (var blob in _bucket.ListAsync($"blobs/{orgId}/", cancellationToken))
        {
            bytes += blob.Bytes;
        }

        return bytes;
    }

    /// <summary>Key of a blob.</summary>
    public static string Blob(BlobName name) => $"blobs/{name.OrgId}/{name.Digest}";
}
