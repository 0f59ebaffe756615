namespace QualGent.Scheduling.Redis;

/// <summary>The time scripts run at. Production leaves it at 0: the server's clock, the only one all parts share. Tests move it.</summary>
internal sealed class QueueClock
{
    /// <summary>Milliseconds since 1970, or 0 for the server's clock.</summary>
    public long NowMs { get; set; }
}
