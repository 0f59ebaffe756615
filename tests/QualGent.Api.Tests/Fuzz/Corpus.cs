using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using QualGent.Contracts;

namespace QualGent.Api.Tests.Fuzz;

/// <summary>
/// Requests to start from: one for every call that the API's OpenAPI document names, with what it needs to succeed, so that a new
/// call is fuzzed the day it appears; and some that no document describes.
/// </summary>
internal sealed class Corpus
{
    private const string Json = "application/json";
    private const string Bytes = "application/octet-stream";
    private readonly FuzzState _state;
    private readonly Dictionary<string, JsonNode> _values;

    private Corpus(FuzzState state)
    {
        _state = state;
        _values = new Dictionary<string, JsonNode>(StringComparer.Ordinal)
        {
            ["org_id"] = FuzzState.Org,
            ["app_version_id"] = "v1",
            ["test_path"] = "tests/a.spec.ts",
            ["tests"] = new JsonArray("tests/a.spec.ts", "tests/b.spec.ts"),
            ["target"] = Targets.Emulator,
            ["platform"] = Platforms.Android,
            ["labels"] = new JsonObject { ["os"] = "14" },
            ["bundle"] = state.Blob,
            ["sha256"] = state.Blob,
            ["reset"] = ResetModes.Clear,
            ["priority"] = 7,
            ["lease_seconds"] = 600,
            ["not_before"] = "2026-01-01T00:00:00Z",
            ["file_name"] = "app.apk",
            ["weight"] = 2.5,
            ["url"] = "https://hooks.invalid/in",
            ["events"] = new JsonArray(HookEvents.RunEnded, HookEvents.JobEnded),
            ["secret"] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        };
    }

    public List<RawRequest> Originals { get; } = [];

    /// <summary>Names of query parameters anywhere in the API.</summary>
    public SortedSet<string> Queries { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of members of bodies anywhere in the API.</summary>
    public SortedSet<string> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>One to damage; those with a body, where most can be wrong, three times as often as the others.</summary>
    public RawRequest Pick(Random random)
    {
        var picked = Originals[random.Next(Originals.Count)];
        return picked.Body is not null || random.Next(3) == 0 ? picked : Pick(random);
    }

    public static async Task<Corpus> ReadAsync(ApiServer api, FuzzState state)
    {
        var corpus = new Corpus(state);
        var document = (await api.GetAsync("/openapi/v1.json")).Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var call in path.Value.EnumerateObject())
            {
                corpus.Add(call.Name.ToUpperInvariant(), path.Name, call.Value, schemas);
            }
        }

        corpus.AddUndocumented();
        return corpus;
    }

    private void Add(string method, string path, JsonElement call, JsonElement schemas)
    {
        foreach (var parameter in call.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [])
        {
            if (parameter.GetProperty("in").GetString() == "query")
            {
                Queries.Add(parameter.GetProperty("name").GetString()!);
            }
        }

        RawRequest request = new(method, Fill(path, method), [], null);
        if (!call.TryGetProperty("requestBody", out var body))
        {
            Originals.Add(request);
        }
        else if (body.GetProperty("content").TryGetProperty(Json, out var json))
        {
            Originals.Add(Posting(request, Sample(json.GetProperty("schema"), schemas)!.ToJsonString()));
        }
        else
        {
            Originals.Add((request with { Body = FuzzState.Content }).With("Content-Type", Bytes));
        }
    }

    private void AddUndocumented()
    {
        var (blob, job) = ($"/v1/orgs/{FuzzState.Org}/blobs/{_state.Blob}", """{"org_id":"acme","app_version_id":"v1","test_path":"tests/a.spec.ts"}""");
        RawRequest submit = new("POST", "/v1/jobs", [], null);
        Originals.AddRange(
        [
            Posting(submit, job).With("Idempotency-Key", FuzzState.Key),
            Posting(submit with { Target = "/jobs/submit" }, """{"org_id":"acme","app_version_id":"v1","test_path":"tests/a.spec.ts","target":"emulator","priority":3,"retries":1}"""),
            Posting(submit with { Target = $"/v1/runs/{_state.OpenRun}/cancel" }, """{"reason":"no longer wanted"}"""),
            Posting(submit with { Target = "/v1/queue/pause" }, """{"org_id":"acme","app_version_id":"v1"}"""),
            (new RawRequest("PUT", blob, [], FuzzState.Content[10..])).With("Content-Type", Bytes).With("Content-Range", $"bytes 10-{FuzzState.Content.Length - 1}/{FuzzState.Content.Length}"),
            new RawRequest("GET", blob, [("Range", "bytes=5-20")], null),
            new RawRequest("GET", blob, [("If-None-Match", $"\"{_state.Blob}\"")], null),
            new RawRequest("GET", "/v1/jobs?org_id=acme&status=failed&limit=1", [], null),
            new RawRequest("GET", $"/v1/jobs/{_state.EndedJob}/log?attempt=1&follow=true", [("Accept", "text/event-stream"), ("Last-Event-ID", "1-0")], null),
            new RawRequest("GET", $"/v1/runs/{_state.EndedRun}/events", [("Last-Event-ID", "1763806888000-0")], null),
            new RawRequest("GET", "/openapi/v1.json", [], null),
            new RawRequest("GET", "/health", [], null),
        ]);
    }

    private static RawRequest Posting(RawRequest request, string json) => (request with { Body = Encoding.UTF8.GetBytes(json) }).With("Content-Type", Json);

    // "/v1/runs/{id}/cancel": an id of the kind that the path names. What makes something of an ended run gets one that has ended.
    private string Fill(string path, string method)
    {
        var isEnded = path.EndsWith("/retry", StringComparison.Ordinal) || path.EndsWith("/rerun-failed", StringComparison.Ordinal) || method == "GET";
        var id = path.Contains("/runs/", StringComparison.Ordinal) ? isEnded ? _state.EndedRun : _state.OpenRun
            : path.Contains("/devices/", StringComparison.Ordinal) ? _state.Device
            : isEnded ? _state.EndedJob : _state.OpenJob;
        return path
            .Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{org}", FuzzState.Org, StringComparison.Ordinal)
            .Replace("{sha256}", _state.Blob, StringComparison.Ordinal)
            .Replace("{appVersionId}", "v1", StringComparison.Ordinal)
            .Replace("{", "", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal);
    }

    private JsonNode? Sample(JsonElement schema, JsonElement schemas)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Sample(schemas.GetProperty(reference.GetString()!.Split('/')[^1]), schemas);
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            var sample = new JsonObject();
            foreach (var member in properties.EnumerateObject())
            {
                Members.Add(member.Name);
                sample[member.Name] = _values.TryGetValue(member.Name, out var known) ? known.DeepClone() : Sample(member.Value, schemas);
            }

            return sample;
        }

        var types = schema.TryGetProperty("type", out var type) ? type.ToString() : "";
        return types.Contains("integer", StringComparison.Ordinal) || types.Contains("number", StringComparison.Ordinal) ? 5
            : types.Contains("boolean", StringComparison.Ordinal) ? true
            : types.Contains("string", StringComparison.Ordinal) ? "some"
            : types.Contains("array", StringComparison.Ordinal) ? new JsonArray()
            : new JsonObject();
    }
}
