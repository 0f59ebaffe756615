using System.IO.Compression;
using QualGent.Api.Blobs;

namespace QualGent.Api.Apps;

/// <summary>
/// A file of a ZIP archive that can be read from any position, as one needs who reads an archive inside it. Nothing is kept of it, in memory or on
/// disk: who goes back has it unpacked anew from its beginning, and what lies in between passed over.
/// </summary>
internal sealed class NestedFile : AsyncFile
{
    /// <summary>Longest one that is read, which takes the time to unpack it two or three times.</summary>
    public const long BytesMax = 1L << 30;

    private readonly ZipArchiveEntry _entry;
    private Stream? _content;
    private long _contentAt;

    /// <exception cref="HostileAppException">It is too long.</exception>
    public NestedFile(ZipArchiveEntry entry)
        : base(entry.Length) =>
        _entry = entry.Length <= BytesMax ? entry : throw new HostileAppException($"its {entry.Name} would unpack to {entry.Length} bytes; at most {BytesMax} are read");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= Length)
        {
            return 0;
        }

        if (_content is null || _contentAt > Position)
        {
            await CloseAsync();
            _content = await _entry.OpenAsync(cancellationToken);
        }

        if (_contentAt < Position)
        {
            await PassOverAsync(_content, cancellationToken);
        }

        // More than the archive says is not there for any reader.
        var count = await _content.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Length - Position)], cancellationToken);
        _contentAt = Position += count;
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    private async Task PassOverAsync(Stream content, CancellationToken cancellationToken)
    {
        var passed = new byte[128 * 1024];
        while (_contentAt < Position)
        {
            var bytes = (int)Math.Min(passed.Length, Position - _contentAt);
            await content.ReadExactlyAsync(passed.AsMemory(0, bytes), cancellationToken);
            _contentAt += bytes;
        }
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
