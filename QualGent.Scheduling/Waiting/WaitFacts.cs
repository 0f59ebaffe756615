namespace QualGent.Scheduling.Waiting;

/// <summary>What <c>why.lua</c> finds before a place in the queue. Times in milliseconds; work is device time.</summary>
internal sealed record WaitFacts
{
    public required double NowMs { get; init; }

    /// <summary>Instant it waits for, 0 when it is due.</summary>
    public required double DueMs { get; init; }

    /// <summary>More senior jobs of its group.</summary>
    public required long Ahead { get; init; }

    /// <summary>Ready jobs of its group.</summary>
    public required long Ready { get; init; }

    /// <summary>Devices that visit its group.</summary>
    public required int Bound { get; init; }

    /// <summary>When these will have done what they hold, from now, of the first 100; null when there are none.</summary>
    public IReadOnlyList<double>? FreeMs { get; init; }

    /// <summary>Expected time of a file: as measured in the group, else as typical of others.</summary>
    public required double EstimateMs { get; init; }

    /// <summary>Expected time of an installation, likewise.</summary>
    public required double InstallMs { get; init; }

    /// <summary>Further idle devices that would help the group; none when it is not worth another installation.</summary>
    public required double Room { get; init; }

    /// <summary>Further devices it may have that could also go elsewhere.</summary>
    public required double RoomBusy { get; init; }

    public required bool Condemned { get; init; }

    /// <summary>Device its retry is not to run on yet.</summary>
    public string? Avoids { get; init; }

    public required int OrgDevices { get; init; }

    public required double OrgWeight { get; init; }

    /// <summary>-1 for none.</summary>
    public required int OrgCap { get; init; }

    public required bool PausedPool { get; init; }

    public required bool PausedOrg { get; init; }

    public required bool PausedBuild { get; init; }

    /// <summary>Devices on duty that serve its class.</summary>
    public required int OnDuty { get; init; }

    /// <summary>Idle ones of them, and those that have just been told to come for the group.</summary>
    public required int Idle { get; init; }

    /// <summary>Those that are free and have its build.</summary>
    public required int Warm { get; init; }

    public required OrgAhead Org { get; init; }

    /// <summary>Null when there are none: Lua has no empty list.</summary>
    public IReadOnlyList<Rival>? Rivals { get; init; }

    /// <summary>More senior groups of the organisation without devices, their jobs, the work of these and of those that have devices, and how many devices the former would take.</summary>
    internal sealed record OrgAhead(int Groups, long Jobs, double WorkMs, double Width);

    /// <summary>Another organisation that wants the same devices.</summary>
    internal sealed record Rival(int Devices, double Weight, int Cap, double WorkMs);
}
