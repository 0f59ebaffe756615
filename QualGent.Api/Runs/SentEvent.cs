using System.Text;
using System.Text.Json;
using QualGent.Api.Hosting;
using QualGent.Contracts;

namespace QualGent.Api.Runs;

/// <summary>A run's event as its bytes on the wire: made once, whatever the number of clients.</summary>
/// <param name="Cursor">Its id.</param>
/// <param name="Bytes">The whole server-sent event.</param>
/// <param name="IsLast">Nothing can follow it.</param>
internal sealed record SentEvent(EventCursor Cursor, ReadOnlyMemory<byte> Bytes, bool IsLast)
{
    public static SentEvent Of(RunEvent happened)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.UTF8.GetBytes($"id: {happened.Cursor}\nevent: {JsonNamingPolicy.SnakeCaseLower.ConvertName(happened.Kind.ToString())}\ndata: "));
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = WireJson.Readable.Options.Encoder }))
        {
            JsonSerializer.Serialize(json, happened, WireJson.Readable.RunEvent);
        }

        bytes.Write("\n\n"u8);
        return new SentEvent(EventCursor.Parse(happened.Cursor), bytes.ToArray(), happened.Kind == RunEventKind.RunEnded);
    }
}
