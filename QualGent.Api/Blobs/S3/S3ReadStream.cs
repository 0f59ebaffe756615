namespace QualGent.Api.Blobs.S3;

/// <summary>A blob that can be read from any position; a request is made at the first read behind each jump.</summary>
internal sealed class S3ReadStream(S3Bucket bucket, string key, long length) : AsyncFile(length)
{
    private Stream? _content;
    private long _contentAt;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length || buffer.Length == 0)
        {
            return 0;
        }

        if (_content is null || _contentAt != Position)
        {
            _content?.Dispose();
            (_content, _contentAt) = (null, Position);
            _content = await bucket.ReadAsync(key, Position, cancellationToken) ?? throw new FileNotFoundException("The blob was removed while it was read.");
        }

        try
        {
            var count = await _content.ReadAsync(buffer, cancellationToken);
            _contentAt = Position += count;
            return count > 0 ? count : throw new EndOfStreamException("The bucket ended a blob before its end.");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new BlobStoreException($"The bucket does not go on with a blob: {e.Message}", isFull: false, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
        }

        base.Dispose(disposing);
    }
}
