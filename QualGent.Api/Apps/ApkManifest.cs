using System.Buffers.Binary;
using System.Text;

namespace QualGent.Api.Apps;

/// <summary>
/// Package and version of an APK, from the binary XML of its manifest (the format of AOSP's ResourceTypes.h).
/// </summary>
internal static class ApkManifest
{
    private const int StringPool = 0x0001;
    private const int ResourceMap = 0x0180;
    private const int StartElement = 0x0102;
    private const int Utf8 = 1 << 8;
    private const int TextValue = 0x03;

    // Attribute names may be stripped from a manifest; the number the platform gave this one never is.
    private const int VersionName = 0x0101021c;

    /// <exception cref="InvalidDataException">A number in it leads nowhere; other exceptions of that kind are possible.</exception>
    public static AppFacts Read(byte[] xml)
    {
        var (packageId, versionName) = ReadManifest(xml);
        return new AppFacts(packageId, versionName);
    }

    // Chunks of {type u16, header u16, size u32}, the first of which is around all others. The root is the first element.
    private static (string? PackageId, string? VersionName) ReadManifest(ReadOnlySpan<byte> xml)
    {
        ReadOnlySpan<byte> strings = default, numbers = default;
        for (int at = 8, size; at + 8 <= xml.Length; at += size)
        {
            size = Int(xml, at + 4);
            if (size < 8 || size > xml.Length - at)
            {
                return (null, null);
            }

            var chunk = xml.Slice(at, size);
            switch (Short(chunk, 0))
            {
                case StringPool:
                    strings = chunk;
                    break;
                case ResourceMap:
                    numbers = chunk[8..];
                    break;
                case StartElement:
                    return Text(strings, Int(chunk, 20)) == "manifest" ? ReadAttributes(chunk, strings, numbers) : (null, null);
            }
        }

        return (null, null);
    }

    private static (string? PackageId, string? VersionName) ReadAttributes(ReadOnlySpan<byte> element, ReadOnlySpan<byte> strings, ReadOnlySpan<byte> numbers)
    {
        string? packageId = null, versionName = null;
        var (at, step) = (16 + Short(element, 24), Short(element, 26));
        for (var left = Short(element, 28); left > 0; left--, at += step)
        {
            var (name, type, value) = (Int(element, at + 4), element[at + 15], Int(element, at + 16));
            if (type != TextValue)
            {
                continue;
            }

            var number = name >= 0 && (name * 4) + 4 <= numbers.Length ? Int(numbers, name * 4) : 0;
            if (number == VersionName || (number == 0 && Text(strings, name) == "versionName"))
            {
                versionName = AppFacts.Sensible(Text(strings, value));
            }
            else if (number == 0 && Text(strings, name) == "package")
            {
                packageId = AppFacts.Sensible(Text(strings, value));
            }
        }

        return (packageId, versionName);
    }

    private static string? Text(ReadOnlySpan<byte> pool, int index)
    {
        if (index < 0 || index >= Int(pool, 8))
        {
            return null;
        }

        var at = Int(pool, 20) + Int(pool, 28 + (4 * index));
        if ((Int(pool, 16) & Utf8) != 0)
        {
            at += (pool[at] & 0x80) != 0 ? 2 : 1; // the length in characters
            var isLong = (pool[at] & 0x80) != 0;
            var bytes = isLong ? ((pool[at] & 0x7f) << 8) | pool[at + 1] : pool[at];
            return bytes > 4 * AppFacts.TextMax ? null : Encoding.UTF8.GetString(pool.Slice(at + (isLong ? 2 : 1), bytes));
        }

        var first = Short(pool, at);
        var isWide = (first & 0x8000) != 0;
        var characters = isWide ? ((first & 0x7fff) << 16) | Short(pool, at + 2) : first;
        return characters > AppFacts.TextMax ? null : Encoding.Unicode.GetString(pool.Slice(at + (isWide ? 4 : 2), 2 * characters));
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
}
