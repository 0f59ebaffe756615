using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using QualGent.Api.Hosting;
using QualGent.Contracts;

namespace QualGent.Api.Logs;

/// <summary>How lines are written: for people and pipes, or for clients that connect again.</summary>
internal abstract class LogFormat
{
    public static LogFormat Text { get; } = new PlainText();

    public static LogFormat Events { get; } = new ServerSentEvents();

    public abstract string ContentType { get; }

    public abstract void WriteChunk(PipeWriter output, LogChunk chunk);

    /// <summary>Keeps a silent connection open, where the format has something that means nothing.</summary>
    public abstract void WriteSilence(PipeWriter output);

    public abstract void WriteEnd(PipeWriter output);

    private sealed class PlainText : LogFormat
    {
        public override string ContentType => "text/plain; charset=utf-8";

        public override void WriteChunk(PipeWriter output, LogChunk chunk)
        {
            if (chunk.Missing > 0)
            {
                Encoding.UTF8.GetBytes(LogChunk.Gap(chunk.Missing) + "\n", output);
            }

            foreach (var line in chunk.Lines)
            {
                Encoding.UTF8.GetBytes(line + "\n", output);
            }
        }

        public override void WriteSilence(PipeWriter output)
        {
        }

        public override void WriteEnd(PipeWriter output)
        {
        }
    }

    private sealed class ServerSentEvents : LogFormat
    {
        public override string ContentType => "text/event-stream";

        public override void WriteChunk(PipeWriter output, LogChunk chunk)
        {
            Encoding.UTF8.GetBytes($"id: {chunk.Cursor}\nevent: lines\ndata: ", output);
            using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                JsonSerializer.Serialize(json, chunk, WireJson.Readable.LogChunk);
            }

            Encoding.UTF8.GetBytes("\n\n", output);
        }

        public override void WriteSilence(PipeWriter output) => Encoding.UTF8.GetBytes(": keep-alive\n\n", output);

        public override void WriteEnd(PipeWriter output) => Encoding.UTF8.GetBytes("event: end\ndata: {}\n\n", output);
    }
}
