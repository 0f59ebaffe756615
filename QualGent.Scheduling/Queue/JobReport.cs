using QualGent.Contracts;
using QualGent.Scheduling.Results;

namespace QualGent.Scheduling.Queue;

/// <summary>How an attempt ended; decides what it costs and whether another follows.</summary>
public enum JobOutcome
{
    /// <summary>Every test of the file passed.</summary>
    Passed = 0,

    /// <summary>The test is to blame; uses up an attempt; another follows while <see cref="VerdictCodes.Retried"/> and attempts are left.</summary>
    Failed = 1,

    /// <summary>Like <see cref="Failed"/>, but the last attempt ends <c>errored</c>: nobody knows whether the test is to blame.</summary>
    Errored = 2,

    /// <summary>Device, agent, Appium or network lost: no attempt used up; counted apart when the file had started.</summary>
    Lost = 3,

    /// <summary>The app does not install here: the (device, group) pair is barred and another device tries.</summary>
    InstallFailed = 4,

    /// <summary>Never begun, or missing from the reporter's plan: back to the queue uncharged, and from now on it runs alone.</summary>
    RunAlone = 5,
}

/// <summary>The report about one attempt.</summary>
public sealed record JobReport
{
    /// <summary>Proof that the reporter holds the job.</summary>
    public required JobHandle Job { get; init; }

    /// <summary>How it ended.</summary>
    public required JobOutcome Outcome { get; init; }

    /// <summary>One of <see cref="VerdictCodes"/>; null only when passed.</summary>
    public string? Code { get; init; }

    /// <summary>What to read first, at most <see cref="Limits.MessageLength"/> characters.</summary>
    public string? Message { get; init; }

    /// <summary>Run time of the file.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Test cases of the file.</summary>
    public TestCounts? Tests { get; init; }

    /// <summary>Whether the app had to be installed for this batch, reported with the first job that began after the installation.</summary>
    public bool? Installed { get; init; }

    /// <summary>With <see cref="JobOutcome.Lost"/>: whether the loss counts.</summary>
    public LossCharge Charge { get; init; }

    /// <summary>What else is known of the execution; null for one that is nobody's business, like a job given back.</summary>
    public AttemptDetails? Details { get; init; }
}

/// <summary>Which losses count towards <see cref="Limits.InfrastructureLossesMax"/>.</summary>
public enum LossCharge
{
    /// <summary>Only when the file had begun, for it may be to blame.</summary>
    WhenBegun = 0,

    /// <summary>Not at all: the store was away, so neither file nor host is to blame.</summary>
    Never = 1,

    /// <summary>In any case: the host could not even open the batch, and would be tried for ever otherwise.</summary>
    Always = 2,
}

/// <summary>What became of a report or another write about a held job.</summary>
public enum WriteStatus
{
    /// <summary>Written.</summary>
    Done = 0,

    /// <summary>The same report was written before; nothing changed.</summary>
    Duplicate = 1,

    /// <summary>Token, device or epoch are not current: nothing changed, the caller must drop the job.</summary>
    Stale = 2,
}
