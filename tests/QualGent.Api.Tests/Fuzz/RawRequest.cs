using System.Globalization;
using System.Text;

namespace QualGent.Api.Tests.Fuzz;

/// <summary>A request as it goes over the wire: no client library stands between that would correct it.</summary>
/// <param name="Method">First word of the request line.</param>
/// <param name="Target">Path and query as they are written.</param>
/// <param name="Headers">One character a byte; Host, Content-Length and Connection are added unless they are here.</param>
/// <param name="Body">Null for none.</param>
internal sealed record RawRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    /// <summary>Whether the head may be no HTTP any more: the server's parser then refuses it before the API sees it.</summary>
    public bool MayBreakHttp { get; init; }

    /// <summary>Bytes of the body after which the client says that it sends nothing more; null when it waits for the answer.</summary>
    public int? BreaksOffAfter { get; init; }

    /// <summary>Whether a part of the body never comes, and so nothing may be made of the rest.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether the body travels in chunks, with this as the size line of the last one.</summary>
    public string? LastChunk { get; init; }

    public RawRequest With(string name, string value) => this with { Headers = [.. Headers.Where(header => header.Name != name), (name, value)] };

    public byte[] ToBytes()
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        foreach (var (name, value) in Completed())
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        byte[] body = Body is null ? [] : LastChunk is null ? Body : [.. Encoding.Latin1.GetBytes($"{Body.Length:x}\r\n"), .. Body, .. Encoding.Latin1.GetBytes($"\r\n{LastChunk}\r\n\r\n")];
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body.AsSpan(0, Math.Min(body.Length, BreaksOffAfter ?? body.Length))];
    }

    public override string ToString() => Short(Encoding.Latin1.GetString(ToBytes()).Replace("\r", "", StringComparison.Ordinal));

    private static string Short(string text) => text.Length > 3_000 ? $"{text[..3_000]}… ({text.Length} characters)" : text;

    private IEnumerable<(string Name, string Value)> Completed()
    {
        var names = Headers.Select(header => header.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        (string Name, string Value)[] usual =
        [
            ("Host", "localhost"),
            ("Connection", "close"),
            .. Body is null ? [] : LastChunk is null ? [("Content-Length", Body.Length.ToString(CultureInfo.InvariantCulture))] : ((string, string)[])[("Transfer-Encoding", "chunked")],
        ];
        return [.. usual.Where(header => !names.Contains(header.Name)), .. Headers];
    }
}
