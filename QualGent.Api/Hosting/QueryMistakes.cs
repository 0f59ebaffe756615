using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;

namespace QualGent.Api.Hosting;

/// <summary>Reads the query string of the lists and collects every mistake in it; a misspelt name is one.</summary>
internal sealed class QueryMistakes
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public void RefuseUnknown(IQueryCollection query, params ReadOnlySpan<string> known)
    {
        foreach (var name in query.Keys)
        {
            if (!known.Contains(name))
            {
                _errors.Add(new(name.Length > 80 ? name[..80] + "…" : name, $"is unknown; known are {string.Join(", ", known!)}"));
            }
        }
    }

    public int Limit(string? text) => Number(text, "limit", 1, Limits.PageSizeMax) ?? Limits.PageSizeDefault;

    public int? Number(string? text, string field, int min, int max)
    {
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _errors.Add(new(field, $"must be a whole number from {min} to {max}"));
        return null;
    }

    public T? Choice<T>(string? text, string field) where T : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        var values = Enum.GetValues<T>();
        OneOf(text, field, [.. values.Select(Wire)]);
        return values.Select(value => (T?)value).FirstOrDefault(value => Wire(value!.Value) == text);
    }

    public string? OneOf(string? text, string field, IReadOnlyList<string> allowed)
    {
        if (text is not null && !allowed.Contains(text, StringComparer.Ordinal))
        {
            _errors.Add(new(field, $"must be one of {string.Join(", ", allowed)}"));
        }

        return text;
    }

    public string? Cursor(string? text, Predicate<string> isCursor)
    {
        if (text is not null && !isCursor(text))
        {
            _errors.Add(new("cursor", "must be the next_cursor of the page before"));
        }

        return text;
    }

    private static string Wire<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
