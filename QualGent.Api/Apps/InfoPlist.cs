using System.Xml;

namespace QualGent.Api.Apps;

/// <summary>The property list of an Apple app, as XML or in Apple's binary form. Only texts of its outermost dictionary are read.</summary>
internal static class InfoPlist
{
    private const string Identifier = "CFBundleIdentifier";
    private const string Version = "CFBundleShortVersionString";
    private const string Build = "CFBundleVersion";
    private static readonly XmlReaderSettings s_xml = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = BoundedZip.FileMax };

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static AppFacts Read(byte[] plist)
    {
        var texts = plist.AsSpan().StartsWith("bplist00"u8) ? BinaryPlist.Texts(plist, Identifier, Version, Build) : Texts(plist);
        return new AppFacts(AppFacts.Sensible(texts.GetValueOrDefault(Identifier)), AppFacts.Sensible(texts.GetValueOrDefault(Version) ?? texts.GetValueOrDefault(Build)));
    }

    // <plist><dict><key>CFBundleIdentifier</key><string>com.example</string>…
    private static Dictionary<string, string> Texts(byte[] plist)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(plist), s_xml);
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            reader.MoveToContent();
            while (!reader.EOF)
            {
                if (reader is not { NodeType: XmlNodeType.Element, Depth: 2, Name: "key" })
                {
                    reader.Read();
                    continue;
                }

                var key = reader.ReadElementContentAsString();
                if (key is Identifier or Version or Build && reader.MoveToContent() == XmlNodeType.Element && reader is { Depth: 2, Name: "string" })
                {
                    texts[key] = reader.ReadElementContentAsString();
                }
            }

            return texts;
        }
        catch (XmlException e)
        {
            throw new InvalidDataException("It is no property list.", e);
        }
    }
}
