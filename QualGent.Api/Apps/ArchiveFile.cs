namespace QualGent.Api.Apps;

/// <summary>
/// A file whose end, where an archive has its directory, is in memory: a reader of archives takes that without waiting for it, which the file of a
/// bucket or of another archive cannot do.
/// </summary>
/// <param name="file">The file, seekable; stays open.</param>
/// <param name="end">Its last bytes.</param>
internal sealed class ArchiveFile(Stream file, byte[] end) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    private long EndFrom => Length - end.Length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= EndFrom)
        {
            return Read(buffer.Span);
        }

        file.Position = _position;
        var count = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, EndFrom - _position)], cancellationToken);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_position < EndFrom)
        {
            throw new NotSupportedException("Only the end of an archive is read without waiting.");
        }

        var count = (int)Math.Clamp(Length - _position, 0, buffer.Length);
        end.AsSpan((int)Math.Min(_position - EndFrom, end.Length), count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => Length + offset };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        return _position = position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
