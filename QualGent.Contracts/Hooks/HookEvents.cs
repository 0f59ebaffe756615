namespace QualGent.Contracts;

/// <summary>What a hook can be called for.</summary>
public static class HookEvents
{
    /// <summary>A run has its verdict.</summary>
    public const string RunEnded = "run_ended";

    /// <summary>A job has its verdict.</summary>
    public const string JobEnded = "job_ended";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [RunEnded, JobEnded];
}

/// <summary>Body of a delivery. The same in every attempt: what has ended does not change.</summary>
/// <param name="Type">One of <see cref="HookEvents"/>.</param>
/// <param name="Timestamp">When it ended.</param>
/// <param name="Data">What ended.</param>
public sealed record HookPayload(string Type, DateTimeOffset Timestamp, HookData Data);

/// <summary>What ended: one of the two.</summary>
public sealed record HookData
{
    public RunView? Run { get; init; }
    public JobView? Job { get; init; }
}
