using System.Text.Json;

namespace QualGent.Contracts.Client;

/// <summary>Writes query strings.</summary>
internal static class QueryText
{
    /// <summary>E.g. <c>?org_id=acme&amp;limit=10</c>; nothing when no field has a value.</summary>
    public static string Of(params IEnumerable<(string Name, string? Value)> fields)
    {
        var text = string.Join('&', fields.Where(field => field.Value is not null).Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value!)}"));
        return text.Length == 0 ? "" : "?" + text;
    }

    /// <summary>An enum as it is written in JSON.</summary>
    public static string? Wire<T>(T? value)
        where T : struct, Enum => value is { } given ? JsonNamingPolicy.SnakeCaseLower.ConvertName(given.ToString()) : null;
}
