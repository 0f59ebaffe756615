using System.Text.Json.Serialization;

namespace QualGent.Scheduling.Redis;

/// <summary>What the queue knows of an execution, as <c>record_attempt.lua</c> writes it: Lua leaves out what is nil and writes numbers as texts.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
internal sealed record AttemptFacts
{
    public required int Attempt { get; init; }
    public required string Outcome { get; init; }
    public string? Code { get; init; }
    public string? Message { get; init; }
    public required long ClaimedMs { get; init; }
    public long? StartedMs { get; init; }
    public required long FinishedMs { get; init; }
    public required long QueuedMs { get; init; }
    public required string Device { get; init; }
    public required string Provider { get; init; }
    public required string Agent { get; init; }
    public required string Batch { get; init; }
    public string? Installed { get; init; }
}
