using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.Worker.Batches;

/// <summary>
/// One line from the supervisor; which fields are set depends on the type (runner/README.md). Example:
/// <c>{"v":1,"seq":9,"t":1763800000000,"batch":"bat_…","round":1,"type":"fileEnd","file":"tests/a.spec.ts","status":"failed","code":"assertion","passed":0,"failed":1,"skipped":0,"ms":412}</c>
/// </summary>
public sealed record SupervisorEvent
{
    public required string Type { get; init; }
    public int Round { get; init; }

    /// <summary>Test file, relative to the project.</summary>
    public string? File { get; init; }

    /// <summary>Text in most events, a number where it is an exit code.</summary>
    public JsonElement? Code { get; init; }

    public string? Status { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public string? Title { get; init; }

    /// <summary>Line of a test.</summary>
    public int? Line { get; init; }

    /// <summary>Tries of a test before this one.</summary>
    public int Retry { get; init; }

    /// <summary>Whether a test will not be tried again.</summary>
    public bool Final { get; init; }

    /// <summary>What Playwright makes of all tries: <c>expected</c>, <c>unexpected</c>, <c>flaky</c>, <c>skipped</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>What an error outside any test is about.</summary>
    public string? Kind { get; init; }

    /// <summary>Which program printed a line: <c>appwright</c> or <c>appium</c>.</summary>
    public string? Stream { get; init; }

    /// <summary>What it printed.</summary>
    public string? Text { get; init; }

    /// <summary>Whether a line came too fast to be followed live.</summary>
    public bool Quiet { get; init; }

    /// <summary>Playwright's name of a test.</summary>
    [JsonPropertyName("testId")]
    public string? TestId { get; init; }

    /// <summary>Where a screenshot is, below the batch's folder.</summary>
    public string? Path { get; init; }

    /// <summary>What a test attached.</summary>
    public IReadOnlyList<EventAttachment>? Attachments { get; init; }

    /// <summary>Lines left out before it.</summary>
    public int? Dropped { get; init; }

    /// <summary>Tests of a file that begins or ends.</summary>
    public int Tests { get; init; }

    public int Passed { get; init; }
    public int Failed { get; init; }
    public int Skipped { get; init; }
    public int Flaky { get; init; }
    public double Ms { get; init; }
    public EventError? Error { get; init; }
    public IReadOnlyList<EventError>? Errors { get; init; }

    /// <summary>In <c>begin</c> <c>[{"file":"tests/a.spec.ts","tests":2}]</c>, in <c>error</c> <c>["tests/a.spec.ts"]</c>.</summary>
    public JsonElement? Files { get; init; }

    /// <summary><see cref="Code"/> where it is a text.</summary>
    [JsonIgnore]
    public string? CodeText => Code is { ValueKind: JsonValueKind.String } code ? code.GetString() : null;

    /// <summary>The names in <see cref="Files"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> FileNames => Files is { ValueKind: JsonValueKind.Array } files
        ? [.. files.EnumerateArray().Select(entry => (entry.ValueKind == JsonValueKind.Object ? entry.GetProperty("file") : entry).GetString() ?? "")]
        : [];

    /// <summary>Reads a line; null when it is none of ours.</summary>
    public static SupervisorEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, SupervisorJson.Default.SupervisorEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An error as the reporter tells it.</summary>
public sealed record EventError
{
    public string? Message { get; init; }
    public string? Stack { get; init; }
    public string? Snippet { get; init; }
    public string? File { get; init; }
    public int? Line { get; init; }
}

/// <summary>Something a test attached.</summary>
public sealed record EventAttachment
{
    public string? Name { get; init; }

    /// <summary>Media type.</summary>
    public string? Type { get; init; }

    /// <summary>Where, below the batch's folder; null when it cannot be had.</summary>
    public string? Path { get; init; }

    /// <summary>Why it cannot be had.</summary>
    public string? Missing { get; init; }
}
