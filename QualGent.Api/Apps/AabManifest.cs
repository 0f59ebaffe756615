using System.Text;

namespace QualGent.Api.Apps;

/// <summary>The manifest of an Android App Bundle: XML as protocol buffers (the messages <c>XmlNode</c>, <c>XmlElement</c> and <c>XmlAttribute</c> of AOSP's Resources.proto).</summary>
internal static class AabManifest
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;
    private const int NodeElement = 1;
    private const int ElementName = 3;
    private const int ElementAttribute = 4;
    private const int AttributeName = 2;
    private const int AttributeValue = 3;

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static AppFacts Read(byte[] xml)
    {
        string? packageId = null, versionName = null;
        var isManifest = false;
        foreach (var (field, content) in Fields(Fields(xml).FirstOrDefault(field => field.Number == NodeElement).Content))
        {
            if (field == ElementName)
            {
                isManifest = Text(content) == "manifest";
            }
            else if (field == ElementAttribute)
            {
                var attribute = Fields(content);
                var (name, value) = (Text(attribute.LastOrDefault(part => part.Number == AttributeName).Content), Text(attribute.LastOrDefault(part => part.Number == AttributeValue).Content));
                packageId = name == "package" ? value : packageId;
                versionName = name == "versionName" ? value : versionName;
            }
        }

        return isManifest ? new AppFacts(AppFacts.Sensible(packageId), AppFacts.Sensible(versionName)) : new AppFacts(null, null);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    // Fields of a message that hold bytes; numbers are passed over.
    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Content)> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message.Span, ref at);
            var length = (tag & 7) switch
            {
                Varint => Number(message.Span, ref at) * 0,
                Fixed64 => 8UL,
                Bytes => Number(message.Span, ref at),
                Fixed32 => 4UL,
                _ => throw new InvalidDataException("It is no protocol buffer."),
            };
            if (length > (ulong)(message.Length - at))
            {
                throw new InvalidDataException("It is no protocol buffer.");
            }

            if ((tag & 7) == Bytes)
            {
                yield return ((int)(tag >> 3), message.Slice(at, (int)length));
            }

            at += (int)length;
        }
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = bytes[at++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw new InvalidDataException("It is no protocol buffer.");
    }
}
