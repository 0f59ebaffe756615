using System.Text.Json.Serialization;

namespace QualGent.Api.Compatibility;

/// <summary>Answer to <c>POST /jobs/submit</c>.</summary>
internal sealed record ReferenceAccepted(string JobId);

/// <summary>Answer to <c>GET /jobs/status/{id}</c>. Instants are seconds since 1970 with a fraction.</summary>
internal sealed record ReferenceJob
{
    public required string JobId { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>retrying</c>, <c>done</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    public required string OrgId { get; init; }
    public required string AppVersionId { get; init; }
    public required string TestPath { get; init; }
    public required int Priority { get; init; }
    public required string Target { get; init; }

    /// <summary>Retries used up so far.</summary>
    public required int Retries { get; init; }

    public required double CreatedAt { get; init; }
    public double? StartedAt { get; init; }
    public string? FailReason { get; init; }
}

/// <summary>Answer to a request with mistakes, as FastAPI gives it.</summary>
internal sealed record ReferenceMistakes(IReadOnlyList<ReferenceMistake> Detail);

/// <summary>One mistake, e.g. <c>{"loc":["body","org_id"],"msg":"field required","type":"value_error.missing"}</c>.</summary>
internal sealed record ReferenceMistake(IReadOnlyList<string> Loc, string Msg, string Type);

/// <summary>Answer when there is no such job.</summary>
internal sealed record ReferenceNotFound(string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReferenceAccepted))]
[JsonSerializable(typeof(ReferenceJob))]
[JsonSerializable(typeof(ReferenceMistakes))]
[JsonSerializable(typeof(ReferenceNotFound))]
internal sealed partial class CompatibilityJson : JsonSerializerContext;
