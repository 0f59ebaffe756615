namespace QualGent.Api.Blobs.S3;

/// <summary>A blob that can be read from any position; a request is made at the first read behind each jump.</summary>
internal sealed class S3ReadStream(S3Bucket bucket, string key, long length) : Stream
{
    private Stream? _content;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.Length == 0)
        {
            return 0;
        }

        _content ??= await bucket.ReadAsync(key, _position, cancellationToken) ?? throw new FileNotFoundException("The blob was removed while it was read.");
        try
        {
            var count = await _content.ReadAsync(buffer, cancellationToken);
            _position += count;
            return count > 0 ? count : throw new EndOfStreamException("The bucket ended a blob before its end.");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new BlobStoreException($"The bucket does not go on with a blob: {e.Message}", isFull: false, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A bucket is read asynchronously only.");

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => length + offset };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        if (position != _position)
        {
            _content?.Dispose();
            (_content, _position) = (null, position);
        }

        return position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
        }

        base.Dispose(disposing);
    }
}
