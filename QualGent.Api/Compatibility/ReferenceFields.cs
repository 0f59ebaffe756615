using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;

namespace QualGent.Api.Compatibility;

/// <summary>
/// The reference's fields, read as leniently as it reads them: a number where a text belongs is taken as text, <c>"3"</c> and
/// <c>3.0</c> as numbers, members it does not know are skipped.
/// </summary>
internal sealed class ReferenceFields
{
    private readonly List<ReferenceMistake> _mistakes = [];
    private readonly SubmitJobRequest _request = new();

    public ReferenceFields(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            _mistakes.Add(new(["body"], "value is not a valid dict", "type_error.dict"));
            return;
        }

        var retries = Number(body, "retries");
        _request = new SubmitJobRequest
        {
            OrgId = Text(body, "org_id"),
            AppVersionId = Text(body, "app_version_id"),
            TestPath = Text(body, "test_path"),
            Target = Text(body, "target"),
            Priority = (int)Math.Clamp(Number(body, "priority"), Limits.PriorityMin, Limits.PriorityMax),
            AttemptsMax = retries > 0 ? (int)Math.Min(retries + 1, Limits.AttemptsMax) : null,
        };
    }

    private ReferenceFields(ReferenceMistake mistake) => _mistakes.Add(mistake);

    public IReadOnlyList<ReferenceMistake> Mistakes => _mistakes;

    public static ReferenceFields Unreadable(string message, string type) => new(new ReferenceMistake(["body"], message, type));

    public SubmitJobRequest ToRequest() => _request;

    private string? Text(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value))
        {
            _mistakes.Add(new(["body", name], "field required", "value_error.missing"));
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString();
            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.Null:
                _mistakes.Add(new(["body", name], "none is not an allowed value", "type_error.none.not_allowed"));
                return null;
            default:
                _mistakes.Add(new(["body", name], "str type expected", "type_error.str"));
                return null;
        }
    }

    // The reference's default is 0 for both of its numbers.
    private double Number(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value))
        {
            return 0;
        }

        var number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var given) => Math.Truncate(given),
            JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var written) => written,
            _ => double.NaN,
        };
        if (double.IsFinite(number))
        {
            return number;
        }

        _mistakes.Add(new(["body", name], "value is not a valid integer", "type_error.integer"));
        return 0;
    }
}
