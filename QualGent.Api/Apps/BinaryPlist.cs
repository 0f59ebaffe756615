using System.Buffers.Binary;
using System.Text;

namespace QualGent.Api.Apps;

/// <summary>
/// Apple's binary property lists: objects, a table of where each begins, and at the end 32 bytes that say how the table is to be read
/// (CFBinaryPList.c of CoreFoundation). Nothing is followed deeper than from the outermost dictionary to its texts.
/// </summary>
internal static class BinaryPlist
{
    private const int Trailer = 32;
    private const int Ascii = 0x5;
    private const int Utf16 = 0x6;
    private const int Dictionary = 0xd;
    private const int Whole = 0x1;

    /// <summary>The texts that stand under these keys of the outermost dictionary.</summary>
    /// <exception cref="InvalidDataException">It is no binary property list.</exception>
    public static Dictionary<string, string> Texts(ReadOnlySpan<byte> plist, params ReadOnlySpan<string> keys)
    {
        var trailer = Slice(plist, plist.Length - Trailer, Trailer);
        var (offsetBytes, referenceBytes, top, table) = (trailer[6], trailer[7], Number(trailer.Slice(16, 8)), Number(trailer.Slice(24, 8)));
        var dictionary = Object(plist, table, offsetBytes, top);
        var (kind, count, from) = Head(plist, dictionary);
        if (kind != Dictionary)
        {
            throw Broken();
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = Text(plist, Object(plist, table, offsetBytes, Number(Slice(plist, from + ((long)i * referenceBytes), referenceBytes))));
            if (key is not null && keys.Contains(key) && Text(plist, Object(plist, table, offsetBytes, Number(Slice(plist, from + (((long)count + i) * referenceBytes), referenceBytes)))) is { } text)
            {
                texts[key] = text;
            }
        }

        return texts;
    }

    private static long Object(ReadOnlySpan<byte> plist, long table, int offsetBytes, long index) => Number(Slice(plist, checked(table + (index * offsetBytes)), offsetBytes));

    // A byte of kind and length; a length of 15 and more is a whole number of its own behind it.
    private static (int Kind, int Length, long From) Head(ReadOnlySpan<byte> plist, long at)
    {
        var head = Slice(plist, at, 1)[0];
        var (kind, length) = (head >> 4, head & 0xf);
        if (length < 0xf)
        {
            return (kind, length, at + 1);
        }

        var number = Slice(plist, at + 1, 1)[0];
        var bytes = 1 << (number & 0xf);
        return number >> 4 == Whole && bytes <= 8 && Number(Slice(plist, at + 2, bytes)) is >= 0 and <= int.MaxValue and var longLength ? (kind, (int)longLength, at + 2 + bytes) : throw Broken();
    }

    private static string? Text(ReadOnlySpan<byte> plist, long at)
    {
        var (kind, length, from) = Head(plist, at);
        return kind switch
        {
            _ when length > AppFacts.TextMax => null,
            Ascii => Encoding.ASCII.GetString(Slice(plist, from, length)),
            Utf16 => Encoding.BigEndianUnicode.GetString(Slice(plist, from, 2L * length)),
            _ => null,
        };
    }

    private static long Number(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < 1 or > 8)
        {
            throw Broken();
        }

        Span<byte> all = stackalloc byte[8];
        all.Clear();
        bytes.CopyTo(all[(8 - bytes.Length)..]);
        return BinaryPrimitives.ReadInt64BigEndian(all);
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> plist, long at, long length) =>
        at >= 0 && length >= 0 && at <= plist.Length && length <= plist.Length - at ? plist.Slice((int)at, (int)length) : throw Broken();

    private static InvalidDataException Broken() => new("It is no binary property list.");
}
