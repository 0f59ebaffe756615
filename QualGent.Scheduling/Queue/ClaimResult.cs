namespace QualGent.Scheduling.Queue;

/// <summary>Answer to a claim.</summary>
public abstract record ClaimResult
{
    private ClaimResult()
    {
    }

    /// <summary>The device holds this batch. Claiming again before it is finished returns the same batch with the same tokens.</summary>
    public sealed record Claimed(Batch Batch) : ClaimResult;

    /// <summary>Nothing to do; the device is registered idle and will be woken.</summary>
    public sealed record Empty : ClaimResult;

    /// <summary>The device is not the caller's (any more): unknown, or claimed under an old epoch. Register again.</summary>
    public sealed record Fenced : ClaimResult;
}

/// <summary>Jobs of one lane that run in one AppWright process.</summary>
public sealed record Batch
{
    /// <summary>Names the batch in results and events.</summary>
    public required string BatchId { get; init; }

    /// <summary>Tenant.</summary>
    public required string OrgId { get; init; }

    /// <summary>App build that must be on the device.</summary>
    public required string AppVersionId { get; init; }

    /// <summary>Playwright project, or null for the only one that fits.</summary>
    public string? Project { get; init; }

    /// <summary>One of <see cref="Contracts.ResetModes"/>.</summary>
    public required string Reset { get; init; }

    /// <summary>Digest of the bundle with the test code, a blob of the organisation; null for what the agent has below its test root.</summary>
    public string? Bundle { get; init; }

    /// <summary>Digest of the build to install, a blob of the organisation; null for what the agent has below its app root.</summary>
    public string? AppDigest { get; init; }

    /// <summary>At least one job; never one file twice.</summary>
    public required IReadOnlyList<ClaimedJob> Jobs { get; init; }

    /// <summary>Time from the moment the claim was sent until the device's lease ends without a heartbeat.</summary>
    public required TimeSpan LeaseDuration { get; init; }
}

/// <summary>One job of a batch.</summary>
/// <param name="JobId">The job.</param>
/// <param name="RunId">Its run.</param>
/// <param name="TestPath">Its file, relative to the project folder.</param>
/// <param name="Token">Fencing token: every report about the job carries it.</param>
/// <param name="Attempt">Number of this attempt, counted from 1.</param>
/// <param name="Timeout">Longest run of the file.</param>
/// <param name="TraceParent">W3C trace parent of the submission.</param>
public sealed record ClaimedJob(string JobId, string RunId, string TestPath, long Token, int Attempt, TimeSpan Timeout, string? TraceParent);

/// <summary>Proof that the caller holds a job.</summary>
public readonly record struct JobHandle(string JobId, long Token, string DeviceId, long Epoch);
