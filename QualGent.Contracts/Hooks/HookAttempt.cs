using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>One attempt to deliver.</summary>
public sealed record HookAttempt
{
    /// <summary>The delivery, as in the header <see cref="HookHeaders.Id"/>; all its attempts have the same.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>One of <see cref="HookEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>The run or job that ended.</summary>
    public required string SubjectId { get; init; }

    /// <summary>From 1. One that never came to its end, because its process died, is missing here.</summary>
    public required int Attempt { get; init; }

    public required DateTimeOffset At { get; init; }
    public required long DurationMs { get; init; }

    /// <summary>HTTP status of the answer; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Why it did not succeed; null when it did.</summary>
    public string? Error { get; init; }

    public HookOutcome Outcome { get; init; }

    /// <summary>When it is tried again, at the earliest.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>What follows from an attempt.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<HookOutcome>))]
public enum HookOutcome
{
    /// <summary>The receiver has it.</summary>
    Delivered = 0,

    /// <summary>It is tried again.</summary>
    Retrying = 1,

    /// <summary>It was tried for a day, or what it is about has been removed.</summary>
    GivenUp = 2,
}

/// <summary>The last attempts of a hook, newest first, at most <see cref="Limits.HookLogLength"/>.</summary>
public sealed record HookLog(IReadOnlyList<HookAttempt> Attempts);
