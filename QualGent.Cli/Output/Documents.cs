using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using QualGent.Contracts;

namespace QualGent.Cli.Output;

/// <summary>What <c>--wait --json</c> prints at the end.</summary>
internal sealed record RunReport(RunView Run, IReadOnlyList<JobView> Jobs);

/// <summary>What <c>config show --json</c> prints.</summary>
internal sealed record ShownSettings(Uri ApiUrl, string ApiUrlFrom);

/// <summary>JSON of the CLI's own documents, in the API's style.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(ShownSettings))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>Writes results for programs: the API's documents, indented, or one per line in a stream.</summary>
internal static class Documents
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true };

    public static void Write<T>(Screen screen, T document, JsonTypeInfo<T> type) => screen.Line(Format(document, type, s_indented));

    public static void WriteLine<T>(Screen screen, T item, JsonTypeInfo<T> type) => screen.Line(Format(item, type, default));

    // The default encoder escapes control and non-ASCII characters, so that a document is harmless on a terminal too.
    private static string Format<T>(T document, JsonTypeInfo<T> type, JsonWriterOptions options)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            JsonSerializer.Serialize(writer, document, type);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
