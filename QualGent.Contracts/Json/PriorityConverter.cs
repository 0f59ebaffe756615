using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.Contracts.Json;

/// <summary>Reads a priority as a number (<c>7</c>) or as a name (<c>"high"</c>); writes a number.</summary>
public sealed class PriorityConverter : JsonConverter<int?>
{
    /// <inheritdoc/>
    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
        JsonTokenType.String when Priorities.TryParse(reader.GetString(), out var named) => named,
        _ => throw new JsonException($"A priority is a whole number from {Limits.PriorityMin} to {Limits.PriorityMax} or one of {Priorities.Names}."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
