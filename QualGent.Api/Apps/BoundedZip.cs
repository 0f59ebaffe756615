using System.Buffers.Binary;
using System.IO.Compression;

namespace QualGent.Api.Apps;

/// <summary>Opens ZIP archives that anybody may have made: neither their directory nor what is unpacked can take more memory than is said here.</summary>
internal static class BoundedZip
{
    private const int EndRecord = 22;
    private const uint EndSignature = 0x06054b50;
    private const int CommentMax = ushort.MaxValue;

    // Of most archives that is the whole directory, and it takes one look.
    private const int FirstLook = 1024 * 1024;

    /// <summary>Bytes of an archive's directory: about 100,000 entries.</summary>
    public const int DirectoryMax = 8 * 1024 * 1024;

    /// <summary>Bytes of a file that is unpacked into memory.</summary>
    public const int FileMax = 4 * 1024 * 1024;

    /// <exception cref="InvalidDataException">It is no ZIP archive.</exception>
    /// <exception cref="HostileAppException">Its directory is too large.</exception>
    public static async Task<ZipArchive> OpenAsync(Stream file, CancellationToken cancellationToken)
    {
        var end = await ReadEndAsync(file, Math.Min(file.Length, FirstLook), cancellationToken);
        if (file.Length - DirectoryIn(end, file.Length) is var bytes && bytes > end.Length)
        {
            end = await ReadEndAsync(file, bytes, cancellationToken);
        }

        return await ZipArchive.CreateAsync(new ArchiveFile(file, end), ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
    }

    /// <summary>The content of a small file.</summary>
    /// <exception cref="HostileAppException">It is not small.</exception>
    public static async Task<byte[]> UnpackAsync(ZipArchiveEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Length > FileMax)
        {
            throw new HostileAppException($"its {entry.Name} would unpack to {entry.Length} bytes; at most {FileMax} are read");
        }

        // The length in the directory may be a lie; what is read is not.
        await using var content = await entry.OpenAsync(cancellationToken);
        var bytes = new byte[entry.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private static async Task<byte[]> ReadEndAsync(Stream file, long bytes, CancellationToken cancellationToken)
    {
        var end = new byte[bytes];
        file.Position = file.Length - bytes;
        await file.ReadExactlyAsync(end, cancellationToken);
        return end;
    }

    // The archive's last record says where the directory begins; a reader goes from there to that record, whatever else it is told.
    private static long DirectoryIn(byte[] end, long length)
    {
        for (var at = end.Length - EndRecord; at >= Math.Max(0, end.Length - EndRecord - CommentMax); at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(at)) == EndSignature)
            {
                var from = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(at + 16));
                var bytes = length - end.Length + at - from;
                // Archives of more than 4 GB, 65,535 files or as many disks say it elsewhere, where a reader would then look; apps are smaller.
                if (from == uint.MaxValue || Short(end, at + 4) == ushort.MaxValue || Short(end, at + 10) == ushort.MaxValue)
                {
                    throw new HostileAppException("it is an archive of more than 65,534 files or disks, or of 4 GB");
                }

                if (bytes < 0)
                {
                    break;
                }

                return bytes <= DirectoryMax ? from : throw new HostileAppException($"the directory of the archive has {bytes} bytes; at most {DirectoryMax} are read");
            }
        }

        throw new InvalidDataException("It is no ZIP archive.");
    }

    private static ushort Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
}

/// <summary>A build that cannot be read within bounds.</summary>
/// <param name="message">Why, as the rest of a sentence about the file.</param>
internal sealed class HostileAppException(string message) : Exception(message);
