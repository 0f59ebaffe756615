using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using QualGent.Api.Problems;
using QualGent.Contracts;

namespace QualGent.Api.Hosting;

/// <summary>Says what is wrong with a body in the words of the wire, not of the program that reads it.</summary>
internal static class JsonMistake
{
    public static ProblemResult Explain<T>(JsonException e, JsonTypeInfo<T> type)
    {
        var position = string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        // The reader has an exception type of its own for text that is no JSON: "'}' is invalid after a comma. LineNumber: 0 | BytePositionInLine: 9."
        if ((e.InnerException ?? e) is JsonException syntax && syntax.GetType() != typeof(JsonException))
        {
            var reason = syntax.Message.Split(" LineNumber:")[0].Replace(" Change the reader options.", "", StringComparison.Ordinal);
            return ProblemResults.MalformedJson(FieldOf(e.Path) is { } near ? new(near, reason) : null, $"The body is not valid JSON at {position}: {reason}");
        }

        if (FieldOf(e.Path) is not { } field)
        {
            return ProblemResults.MalformedJson(null, "The body must be a JSON object.");
        }

        var name = field.Split('[', '.')[0];
        var known = type.Properties.FirstOrDefault(property => property.Name == name);
        var message = known is null
            ? $"is unknown; known are {string.Join(", ", type.Properties.Select(property => property.Name).Order(StringComparer.Ordinal))}"
            : e.Message.StartsWith("Duplicate", StringComparison.Ordinal) ? "is given twice" : name == field ? $"must be {Expected(known)}" : "must be a text";
        return ProblemResults.MalformedJson(new FieldError(field, message), $"'{field}' {message} (at {position}).");
    }

    // "$.tests[3]" is tests[3]; "$" is the body as a whole. A member whose name needs quoting arrives as $['a b'].
    private static string? FieldOf(string? path) => path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? Short(path[2..]) : Short(path[1..].Trim('[', ']', '\''));

    private static string Short(string name) => name.Length > 80 ? name[..80] + "…" : name;

    private static string Expected(JsonPropertyInfo property) => property.Name == "priority"
        ? $"a whole number from {Limits.PriorityMin} to {Limits.PriorityMax} or one of {Priorities.Names}"
        : property.PropertyType switch
        {
            var number when number == typeof(int?) => "a whole number",
            var number when number == typeof(double?) => "a number",
            var text when text == typeof(string) => "a text",
            var instant when instant == typeof(DateTimeOffset?) => "an instant such as 2026-11-22T20:00:00Z",
            var truth when truth == typeof(bool?) => "true or false",
            var map when map == typeof(IReadOnlyDictionary<string, string>) => "an object of texts",
            _ => "an array of texts",
        };
}
