namespace QualGent.Contracts;

/// <summary>The queue at one instant.</summary>
public sealed record QueueView
{
    public required long Queued { get; init; }

    /// <summary>Of <see cref="Queued"/>: those that wait for their instant, as retries do.</summary>
    public required long Delayed { get; init; }

    public required long Running { get; init; }
    public required int DevicesIdle { get; init; }
    public required int DevicesBusy { get; init; }

    /// <summary>Groups with work, most queued first, at most 200.</summary>
    public required IReadOnlyList<QueueGroupView> Groups { get; init; }

    /// <summary>What hands out nothing until it is resumed.</summary>
    public IReadOnlyList<PauseScope> Paused { get; init; } = [];
}

/// <summary>One group: what may share an install.</summary>
public sealed record QueueGroupView
{
    public required string OrgId { get; init; }
    public required string AppVersionId { get; init; }

    /// <summary>Requirement class, e.g. <c>emulator/android/os=14</c>.</summary>
    public required string Class { get; init; }

    public required long Queued { get; init; }

    /// <summary>Devices bound to the group.</summary>
    public required int Devices { get; init; }

    /// <summary>Waiting time of the job at its head, in milliseconds.</summary>
    public required long OldestWaitMs { get; init; }
}
