using System.Text.Json.Serialization;
using QualGent.Contracts;

namespace QualGent.Scheduling.Results;

/// <summary>What one execution of a job left behind, so far.</summary>
/// <param name="Attempt">Its number, counted from 1.</param>
/// <param name="Pending">Whether the agent has more to tell.</param>
/// <param name="Files">In the order they came; their names are unique in the execution.</param>
public sealed record ExecutionArtifacts(int Attempt, bool Pending, IReadOnlyList<ArtifactView> Files)
{
    /// <summary>Fencing token of the execution: executions sort by it.</summary>
    [JsonIgnore]
    public long Token { get; init; }
}
