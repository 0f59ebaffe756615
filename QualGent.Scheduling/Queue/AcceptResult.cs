using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Scheduling.Queue;

/// <summary>A client's key that makes a submission repeatable: per organisation, kept for 24 hours.</summary>
/// <param name="Key">The <c>Idempotency-Key</c> header.</param>
/// <param name="BodyHash">SHA-256 of the request body: the same key with another body is refused.</param>
public sealed record IdempotencyKey(string Key, string BodyHash);

/// <summary>What became of a submission.</summary>
public abstract record AcceptResult
{
    private AcceptResult()
    {
    }

    /// <summary>Stored durably. <paramref name="Replayed"/> when the idempotency key had been used for the same body: then the ids are the first call's.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="JobIds">One per test, in order.</param>
    /// <param name="Replayed">Nothing new was stored.</param>
    /// <param name="At">The run's and its jobs' creation by the queue's clock, also when replayed.</param>
    public sealed record Accepted(string RunId, IReadOnlyList<string> JobIds, bool Replayed, DateTimeOffset At) : AcceptResult
    {
        /// <summary>Digest of the build that was pinned; null when none is registered under the app version, and when replayed.</summary>
        public string? AppDigest { get; init; }

        /// <summary>Jobs that were attached to jobs of other runs; also when replayed.</summary>
        public IReadOnlyList<AttachedJob> Attached { get; init; } = [];

        /// <summary>Tests that were in quarantine, so that the verdict will not depend on them; null when none was, and when replayed.</summary>
        public IReadOnlyList<string>? Quarantined { get; init; }

        /// <summary>What is asked of devices and no registered one serves: of a plain run its class, of a matrix those of some cells.</summary>
        public IReadOnlyList<RequirementClass> Unserved { get; init; } = [];

        /// <summary>Whether registered devices could serve all of it.</summary>
        public bool CouldBeServed => Unserved.Count == 0;
    }

    /// <summary>The idempotency key belongs to another body; nothing stored.</summary>
    public sealed record KeyReused : AcceptResult;

    /// <summary>The organisation's or the pool's limit of queued jobs is reached; nothing stored.</summary>
    public sealed record QueueFull(string Limit, TimeSpan RetryAfter) : AcceptResult;
}
