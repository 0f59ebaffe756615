namespace QualGent.Scheduling.Fleet;

/// <summary>An agent announces itself and its devices; repeated after every start and after being fenced.</summary>
public sealed record AgentRegistration
{
    /// <summary>Kept in the agent's state folder, so a restarted agent takes its own devices back at once.</summary>
    public required string AgentId { get; init; }

    /// <summary>Configured name.</summary>
    public required string Name { get; init; }

    /// <summary>Host it runs on.</summary>
    public required string Host { get; init; }

    /// <summary>Everything it offers, or with <see cref="KeepsOthers"/> the devices it wants (back).</summary>
    public required IReadOnlyList<DeviceProfile> Devices { get; init; }

    /// <summary>Devices of the agent that are not named stay as they are; otherwise they are given up.</summary>
    public bool KeepsOthers { get; init; }
}

/// <summary>What a device is; does not change while its agent lives.</summary>
public sealed record DeviceProfile
{
    /// <summary><see cref="Jobs.Ids.Device"/> of host and serial.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Serial, unique on its host.</summary>
    public required string Serial { get; init; }

    /// <summary>What runs tests on it, e.g. <c>virtual</c>; named in every result.</summary>
    public required string Provider { get; init; }

    /// <summary>One of <see cref="Contracts.Targets"/>.</summary>
    public required string Target { get; init; }

    /// <summary>One of <see cref="Contracts.Platforms"/>.</summary>
    public required string Platform { get; init; }

    /// <summary>Free labels plus what the provider knows, e.g. <c>os=14</c>.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>Answer to a registration.</summary>
/// <param name="Accepted">Devices the agent now owns, each with the epoch its claims and reports must carry.</param>
/// <param name="Refused">Devices that a living agent owns (<c>device_owned</c>), with that agent's id.</param>
public sealed record RegisterResult(IReadOnlyDictionary<string, long> Accepted, IReadOnlyDictionary<string, string> Refused);
