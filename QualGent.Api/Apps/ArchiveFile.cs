using QualGent.Api.Blobs;

namespace QualGent.Api.Apps;

/// <summary>
/// A file whose end, where an archive has its directory, is in memory: a reader of archives takes that without waiting for it, which the file of a
/// bucket or of another archive cannot do.
/// </summary>
/// <param name="file">The file, seekable; stays open.</param>
/// <param name="end">Its last bytes.</param>
internal sealed class ArchiveFile(Stream file, byte[] end) : AsyncFile(file.Length)
{
    private long EndFrom => Length - end.Length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= EndFrom)
        {
            return Read(buffer.Span);
        }

        file.Position = Position;
        var count = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, EndFrom - Position)], cancellationToken);
        Position += count;
        return count;
    }

    public override int Read(Span<byte> buffer)
    {
        if (Position < EndFrom)
        {
            throw new NotSupportedException("Only the end of an archive is read without waiting.");
        }

        var count = (int)Math.Clamp(Length - Position, 0, buffer.Length);
        end.AsSpan((int)Math.Min(Position - EndFrom, end.Length), count).CopyTo(buffer);
        Position += count;
        return count;
    }
}
