using System.Text.Json.Serialization;
using QualGent.Contracts.Json;

namespace QualGent.Contracts;

/// <summary>What a device can do at the moment.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<DeviceState>))]
public enum DeviceState
{
    Idle = 0,
    Busy = 1,

    /// <summary>Finishes its batch and takes nothing more.</summary>
    Draining = 2,

    /// <summary>Taken out because of what happened on it.</summary>
    Quarantined = 3,

    /// <summary>Its agent has gone, or its lease ran out.</summary>
    Offline = 4,
}

/// <summary>A device as clients see it.</summary>
public sealed record DeviceView
{
    public required string Id { get; init; }
    public required string AgentId { get; init; }
    public required string Host { get; init; }
    public required string Serial { get; init; }

    /// <summary>What runs tests on it: <c>virtual</c>, <c>simulated</c> …</summary>
    public required string Provider { get; init; }

    public required string Target { get; init; }
    public required string Platform { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required DeviceState State { get; init; }

    /// <summary>Group it is bound to, as <c>org/app version</c>; null when idle.</summary>
    public string? Group { get; init; }

    /// <summary>SHA-256 of the app it has installed, as last reported.</summary>
    public string? InstalledDigest { get; init; }

    public required IReadOnlyList<string> JobIds { get; init; }
    public DateTimeOffset? LeaseUntil { get; init; }
}

/// <summary>An agent: one worker process on one host.</summary>
public sealed record AgentView
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Host { get; init; }
    public required bool Online { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required IReadOnlyList<string> DeviceIds { get; init; }
}

/// <summary>All devices known to the pool.</summary>
public sealed record DeviceList(IReadOnlyList<DeviceView> Devices);

/// <summary>All agents known to the pool.</summary>
public sealed record AgentList(IReadOnlyList<AgentView> Agents);
