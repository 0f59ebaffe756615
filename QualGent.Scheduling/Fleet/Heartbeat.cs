namespace QualGent.Scheduling.Fleet;

/// <summary>One call renews the leases of all devices of an agent.</summary>
public sealed record Heartbeat(string AgentId, IReadOnlyList<DeviceBeat> Devices);

/// <summary>One device of a heartbeat.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Epoch">Its epoch as the agent knows it.</param>
/// <param name="HeldTokens">Jobs the agent believes to hold, with their tokens.</param>
/// <param name="InstalledDigest">SHA-256 of the app on the device, if known.</param>
public sealed record DeviceBeat(string DeviceId, long Epoch, IReadOnlyDictionary<string, long> HeldTokens, string? InstalledDigest);

/// <summary>What the agent must do next with one device.</summary>
public sealed record BeatReply
{
    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The epoch is not the agent's any more: end the batch, register again.</summary>
    public required bool Fenced { get; init; }

    /// <summary>Time from the moment the request was sent until the lease ends; zero when fenced.</summary>
    public required TimeSpan LeaseDuration { get; init; }

    /// <summary>Held jobs somebody cancelled.</summary>
    public required IReadOnlyList<string> CancelJobIds { get; init; }

    /// <summary>Jobs the agent believes to hold but does not: drop them without a report.</summary>
    public required IReadOnlyList<string> LostJobIds { get; init; }

    /// <summary>End the batch at the next file boundary and release what has not begun.</summary>
    public required bool Yield { get; init; }
}
