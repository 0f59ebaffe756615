namespace QualGent.Contracts;

/// <summary>An organisation's share of the pool and what it uses of it.</summary>
public sealed record OrgView
{
    public required string Id { get; init; }

    /// <summary>Its share of the devices while others compete, <see cref="Limits.WeightMin"/>–<see cref="Limits.WeightMax"/>: twice the weight, twice the devices.</summary>
    public required double Weight { get; init; }

    /// <summary>Devices it may have at once.</summary>
    public required int Cap { get; init; }

    /// <summary>Jobs it may have queued.</summary>
    public required int QueuedMax { get; init; }

    /// <summary>Whether packages of its test projects may run their install scripts on agents.</summary>
    public required bool NpmScripts { get; init; }

    public required long Queued { get; init; }

    /// <summary>Devices it has now. More than <see cref="Cap"/> for a while after the cap was lowered: nothing is killed.</summary>
    public required int Devices { get; init; }

    /// <summary>None of its jobs are handed out until it is resumed.</summary>
    public required bool Paused { get; init; }
}

/// <summary>Body of <c>PATCH /v1/orgs/{org}</c>: settings that are left out stay as they are. They hold from the next claim and the next submission on.</summary>
public sealed record OrgChange
{
    /// <inheritdoc cref="OrgView.Weight"/>
    public double? Weight { get; init; }

    /// <summary>Devices it may have at once, 1–<see cref="Limits.CapMax"/>; the highest value is as good as no limit.</summary>
    public int? Cap { get; init; }

    /// <summary>Jobs it may have queued, 1–<see cref="Limits.QueuedMax"/>.</summary>
    public int? QueuedMax { get; init; }

    /// <summary>Whether packages of its test projects may run their install scripts on agents; default no. The scripts are foreign code: they can do what the agent's user can.</summary>
    public bool? NpmScripts { get; init; }
}
