namespace QualGent.Api.Blobs;

/// <summary>A blob's address: the organisation whose namespace it is in, and the SHA-256 of its bytes.</summary>
/// <param name="OrgId">Tenant; of the form that <see cref="Contracts.IdRules"/> checks.</param>
/// <param name="Digest">Of the form that <see cref="Contracts.BlobDigest"/> checks.</param>
internal readonly record struct BlobName(string OrgId, string Digest);

/// <summary>What became of an upload. Whatever it is, a blob is there whole or not at all.</summary>
internal abstract record BlobPut
{
    private BlobPut()
    {
    }

    /// <summary>On disk, whole. <paramref name="IsNew"/> is false when it was there before.</summary>
    public sealed record Stored(bool IsNew) : BlobPut;

    /// <summary>The bytes have another digest.</summary>
    public sealed record WrongDigest(string Actual) : BlobPut;

    /// <summary>More bytes than one blob may have.</summary>
    public sealed record TooLarge(long BytesMax) : BlobPut;

    /// <summary>More bytes than the organisation has left.</summary>
    public sealed record OrgFull(long OrgBytesMax) : BlobPut;

    /// <summary>The disk takes no more.</summary>
    public sealed record StorageFull : BlobPut;

    /// <summary>An upload cannot go on there; it can at <paramref name="Offset"/>.</summary>
    public sealed record WrongOffset(long Offset) : BlobPut;
}

/// <summary>
/// Content-addressed bytes, one namespace per organisation. Names are checked by the caller. Several instances may work on
/// one store at once.
/// </summary>
internal interface IBlobStore
{
    /// <summary>The blob's size, and its grace time starts again; null when it is not there.</summary>
    Task<long?> TouchAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Bytes that an upload that broke off has left behind, from which it can go on.</summary>
    Task<long> PartialLengthAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Stores a blob when all of it has come and its digest is right. When reading <paramref name="content"/> fails, what came is kept for another try, as far as the store can go on with it, and the exception goes on.</summary>
    /// <param name="name">The blob.</param>
    /// <param name="content">Its bytes from <paramref name="offset"/> to the end.</param>
    /// <param name="offset">0, or where a broken upload goes on.</param>
    /// <param name="cancellationToken">Ends the upload like a broken connection.</param>
    Task<BlobPut> PutAsync(BlobName name, Stream content, long offset, CancellationToken cancellationToken);

    /// <summary>The blob's bytes, seekable; null when it is not there.</summary>
    Task<Stream?> OpenAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Blobs that were neither stored nor touched since an instant.</summary>
    IAsyncEnumerable<BlobName> ListAsync(DateTimeOffset unusedSince, CancellationToken cancellationToken);

    /// <summary>Removes a blob, unless it was touched since that instant.</summary>
    /// <returns>Whether it is gone.</returns>
    Task<bool> DeleteAsync(BlobName name, DateTimeOffset unusedSince, CancellationToken cancellationToken);

    /// <summary>Removes what uploads left behind that ended before an instant.</summary>
    Task SweepUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Id of the pool the store belongs to; null while it belongs to none.</summary>
    Task<string?> ReadPoolAsync(CancellationToken cancellationToken);

    /// <summary>Makes the store one pool's, unless it is one's already.</summary>
    Task ClaimForPoolAsync(string poolId, CancellationToken cancellationToken);
}
