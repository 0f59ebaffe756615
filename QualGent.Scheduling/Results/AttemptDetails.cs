using System.Text.Json.Serialization;
using QualGent.Contracts;

namespace QualGent.Scheduling.Results;

/// <summary>What only the agent knows of an execution; the queue keeps it beside what it knows itself.</summary>
public sealed record AttemptDetails
{
    /// <summary>Longest JSON of one.</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>Serial of the device.</summary>
    public required string Device { get; init; }

    /// <summary>Where the time went, but for the queue's part.</summary>
    public required AttemptPhases Phases { get; init; }

    /// <inheritdoc cref="AttemptView.Events"/>
    public IReadOnlyList<string>? Events { get; init; }

    /// <inheritdoc cref="AttemptView.Tests"/>
    public required IReadOnlyList<TestCaseView> Tests { get; init; }

    /// <inheritdoc cref="AttemptView.TestsLeftOut"/>
    public int TestsLeftOut { get; init; }
}

/// <summary>JSON of what is stored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttemptDetails))]
[JsonSerializable(typeof(ExecutionArtifacts))]
public sealed partial class ResultsJson : JsonSerializerContext;
