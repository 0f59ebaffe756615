namespace QualGent.Worker.Batches;

/// <summary>Why a batch was ended before its end.</summary>
public static class StopReasons
{
    /// <summary>Somebody cancelled a job that was running.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The lease ran out unasked (the agent stood still), or is somebody else's now.</summary>
    public const string Lease = "lease";

    /// <summary>The lease ran out because the store did not answer; what that interrupts is charged to nobody.</summary>
    public const string Outage = "outage";

    /// <summary>The agent stops.</summary>
    public const string AgentStops = "agent_stops";

    /// <summary>For people.</summary>
    public static string Explain(string? reason) => reason switch
    {
        Cancelled => "Cancelled while it ran.",
        Lease => "The agent could not renew its lease in time, so the batch ended.",
        Outage => "The queue's store was away for so long that the lease ran out, so the batch ended.",
        AgentStops => "The agent was stopped while the test ran.",
        _ => "The batch ended before the file did.",
    };
}
