using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.Contracts.Json;

/// <summary>Enums travel as lower snake case (<c>QueuePaused</c> is <c>"queue_paused"</c>); numbers are refused.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
