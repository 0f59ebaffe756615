using QualGent.Scheduling.Redis;

namespace QualGent.Simulation;

/// <summary>The simulation's clock for parts that take a <see cref="TimeProvider"/>; ids made at different instants sort by them.</summary>
internal sealed class VirtualTime(QueueClock clock) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs);
}
