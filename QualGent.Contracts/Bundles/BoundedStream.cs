namespace QualGent.Contracts.Bundles;

/// <summary>What comes out of a compressed stream, counted, so that a bomb is refused before it has unfolded.</summary>
/// <param name="inflated">The decompressed stream.</param>
/// <param name="compressed">The archive under it, whose position says how much was read.</param>
/// <param name="limits">How much may come out.</param>
internal sealed class BoundedStream(Stream inflated, Stream compressed, UnpackLimits limits) : Stream
{
    private const long AlwaysAllowed = 1024 * 1024;
    private long _count;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = inflated.Read(buffer);
        _count += read;
        if (_count > limits.ArchiveBytes)
        {
            throw new BundleException($"The archive unpacks to more than {limits.ArchiveBytes / 1_000_000} MB.");
        }

        return _count <= AlwaysAllowed || _count <= compressed.Position * limits.Ratio
            ? read
            : throw new BundleException($"The archive unpacks to more than {limits.Ratio} times its size.");
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
