using System.Collections.Concurrent;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>A large idle fleet is not woken as a whole.</summary>
public sealed class WakeTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task OneJob_ForAThousandIdleDevices_WakesOneEvenWhenItsClassIsNew()
    {
        var devices = await _queue.AgentAsync(devices: 1000);
        await Task.WhenAll(devices.Select(device => device.ClaimNothingAsync()));
        var hints = new ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);

        await _queue.AcceptAsync(QueueHarness.Run(app: "new-class"));
        await Testing.Eventually.HoldsAsync(() => hints.Count == 1, "one device is told", QueueHarness.Ct);
        await _queue.AcceptAsync(QueueHarness.Run(app: "known-class"));
        await Testing.Eventually.HoldsAsync(() => hints.Count == 2, "one more device is told", QueueHarness.Ct);

        // Whatever was published before this arrives before it.
        await redis.Connection.GetDatabase().PublishAsync(_queue.Keys.Wake("a"), "claim last");
        await Testing.Eventually.HoldsAsync(() => hints.Any(hint => hint.DeviceId == "last"), "the last hint arrives", QueueHarness.Ct);
        Assert.Equal(3, hints.Count);
        Assert.Equal(2, (await Task.WhenAll(hints.Where(hint => hint.DeviceId != "last").Select(hint => devices.Single(device => device.Id == hint.DeviceId).ClaimAsync()))).Length);
    }
}
