using QualGent.Contracts;

namespace QualGent.Scheduling.Hooks;

/// <summary>
/// What hooks wait for. A delivery comes into being in the step that ends its run or job and stays until it succeeded or is too old;
/// any process may take it, and when that one dies another does after the lease.
/// </summary>
public interface IHookDeliveries
{
    /// <summary>Takes the hook that has waited longest, with deliveries that are due.</summary>
    /// <param name="lease">Time until somebody else may take what was not reported.</param>
    /// <param name="most">Deliveries to take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null when nothing is due.</returns>
    Task<TakenHook?> TakeAsync(TimeSpan lease, int most, CancellationToken cancellationToken);

    /// <summary>Tells what became of all deliveries that were taken, and gives the hook back.</summary>
    /// <returns>Attempts that count: of those that somebody else has repeated since, or whose hook is gone, nothing is kept.</returns>
    Task<int> ReportAsync(TakenHook hook, IReadOnlyList<HookReport> reports, HookPatience patience, CancellationToken cancellationToken);
}

/// <summary>A hook under a lease.</summary>
/// <param name="OrgId">Whose it is.</param>
/// <param name="Hook">The hook.</param>
/// <param name="Secret">Key of its signatures.</param>
/// <param name="Lease">Names the lease.</param>
/// <param name="Now">When it was taken, by the queue's clock.</param>
/// <param name="Deliveries">What is due.</param>
public sealed record TakenHook(string OrgId, HookView Hook, string Secret, string Lease, DateTimeOffset Now, IReadOnlyList<HookDelivery> Deliveries)
{
    /// <summary>Leaves the secret out, wherever it is printed.</summary>
    public override string ToString() => $"{Hook.Id} with {Deliveries.Count} deliveries";
}

/// <summary>A delivery that is due.</summary>
/// <param name="HookId">Its hook.</param>
/// <param name="SubjectId">The run or job that ended.</param>
/// <param name="Attempt">From 1.</param>
public sealed record HookDelivery(string HookId, string SubjectId, int Attempt)
{
    /// <summary>The same in every attempt.</summary>
    public string Id => $"{HookId}-{SubjectId}";

    /// <summary>One of <see cref="HookEvents"/>.</summary>
    public string Event => SubjectId.StartsWith("run_", StringComparison.Ordinal) ? HookEvents.RunEnded : HookEvents.JobEnded;
}

/// <summary>How an attempt ended.</summary>
/// <param name="Attempt">What to keep of it; what follows from it is the queue's to say.</param>
/// <param name="Result">Whether it succeeded.</param>
public sealed record HookReport(HookAttempt Attempt, HookResult Result);

/// <summary>Whether an attempt succeeded.</summary>
public enum HookResult
{
    /// <summary>The receiver has it.</summary>
    Delivered = 0,

    /// <summary>It has to be tried again.</summary>
    Failed = 1,

    /// <summary>What it tells has been removed.</summary>
    Gone = 2,
}

/// <summary>When a delivery that failed is tried again: after half to all of a delay that doubles from attempt to attempt.</summary>
/// <param name="First">Delay after the first attempt.</param>
/// <param name="Longest">Longest delay.</param>
/// <param name="GiveUpAfter">Age, counted from the end it tells, at which no further attempt is made.</param>
public sealed record HookPatience(TimeSpan First, TimeSpan Longest, TimeSpan GiveUpAfter);
