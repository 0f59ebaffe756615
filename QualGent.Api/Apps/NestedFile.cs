using System.IO.Compression;

namespace QualGent.Api.Apps;

/// <summary>
/// A file of a ZIP archive that can be read from any position, as one needs who reads an archive inside it. Nothing is kept of it, in memory or on
/// disk: who goes back has it unpacked anew from its beginning, and what lies in between passed over.
/// </summary>
internal sealed class NestedFile : Stream
{
    private readonly ZipArchiveEntry _entry;
    private Stream? _content;
    private long _contentAt;
    private long _position;

    /// <exception cref="HostileAppException">It is too long.</exception>
    public NestedFile(ZipArchiveEntry entry) =>
        _entry = entry.Length <= BytesMax ? entry : throw new HostileAppException($"its {entry.Name} would unpack to {entry.Length} bytes; at most {BytesMax} are read");

    /// <summary>Longest one that is read, which takes the time to unpack it two or three times.</summary>
    public const long BytesMax = 1L << 30;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _entry.Length;

    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length)
        {
            return 0;
        }

        if (_content is null || _contentAt > _position)
        {
            await CloseAsync();
            _content = await _entry.OpenAsync(cancellationToken);
        }

        var passed = new byte[128 * 1024];
        while (_contentAt < _position)
        {
            var bytes = (int)Math.Min(passed.Length, _position - _contentAt);
            await _content.ReadExactlyAsync(passed.AsMemory(0, bytes), cancellationToken);
            _contentAt += bytes;
        }

        // More than the archive says is not there for any reader.
        var count = await _content.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Length - _position)], cancellationToken);
        _contentAt = _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously only.");

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

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    private async Task CloseAsync()
    {
        if (_content is { } content)
        {
            (_content, _contentAt) = (null, 0);
            await content.DisposeAsync();
        }
    }
}
