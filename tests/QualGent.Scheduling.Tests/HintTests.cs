using System.Collections.Concurrent;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;

namespace QualGent.Scheduling.Tests;

/// <summary>Wake-ups and events reach who waits, and nothing depends on it.</summary>
public sealed class HintTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task IdleDevice_WhenWorkArrives_IsToldOnceAndOnlyAsManyAsCanHelp()
    {
        var devices = await _queue.AgentAsync(devices: 3);
        await _queue.AcceptAsync(QueueHarness.Run(app: "known"));
        await PlacementTests.FinishAllAsync(devices[0], await devices[0].ClaimAsync());
        foreach (var device in devices)
        {
            await device.ClaimNothingAsync();
        }

        var hints = new ConcurrentQueue<AgentHint>();
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct);
        await _queue.AcceptAsync(QueueHarness.Run(3, app: "known"));
        await Eventually.HoldsAsync(() => !hints.IsEmpty, "a device is told", QueueHarness.Ct);
        Assert.Equal([new AgentHint(devices[0].Id, AgentHintKind.Claim)], hints); // it has the build, the others would have to install
        await _queue.AcceptAsync(QueueHarness.Run(6, app: "long"));
        await Eventually.HoldsAsync(() => hints.Count == 3, "as many more as the work pays for", QueueHarness.Ct);
        Assert.Equal(3, hints.Select(hint => hint.DeviceId).Distinct().Count());
    }

    [Fact]
    public async Task WokenDevice_ThatDoesNotCome_IsIdleAgainAndTheNextIsTold()
    {
        var devices = await _queue.AgentAsync(devices: 2);
        await devices[0].ClaimNothingAsync();
        _queue.Advance(TimeSpan.FromMilliseconds(1));
        await devices[1].ClaimNothingAsync();
        var hints = new ConcurrentQueue<AgentHint>();
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        await using var watch = await _queue.Agents.WatchAsync("a", hints.Enqueue, QueueHarness.Ct); // too late: that hint is lost

        _queue.Advance(TimeSpan.FromSeconds(2));
        await _queue.SweepAsync();

        await Eventually.HoldsAsync(() => !hints.IsEmpty, "another device is told", QueueHarness.Ct);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Work_WithoutAnyHint_IsFoundByAClaim()
    {
        var device = (await _queue.AgentAsync())[0];
        await device.ClaimNothingAsync();
        await _queue.AcceptAsync(QueueHarness.Run());

        Assert.Single((await device.ClaimAsync()).Jobs);
    }

    [Fact]
    public async Task RunEvents_FromASnapshotOn_TellEveryChangeAndTheEnd()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(2));
        var device = (await _queue.AgentAsync())[0];
        var snapshot = Assert.Single((await _queue.Jobs.ReadRunEventsAsync(run.RunId, null, QueueHarness.Ct))!);
        Assert.Equal((RunEventKind.Snapshot, 2), (snapshot.Kind, snapshot.Jobs!.Count));
        Assert.Empty((await _queue.Jobs.ReadRunEventsAsync(run.RunId, snapshot.Cursor, QueueHarness.Ct))!);
        var news = 0;
        await using var watch = await _queue.Jobs.WatchRunAsync(run.RunId, () => Interlocked.Increment(ref news), QueueHarness.Ct);

        await PlacementTests.FinishAllAsync(device, await device.ClaimAsync());

        await Eventually.HoldsAsync(() => Volatile.Read(ref news) >= 2, "news of the claim and of the reports", QueueHarness.Ct);
        var events = (await _queue.Jobs.ReadRunEventsAsync(run.RunId, snapshot.Cursor, QueueHarness.Ct))!;
        Assert.Equal([(RunEventKind.Job, 2), (RunEventKind.Job, 1), (RunEventKind.Job, 1), (RunEventKind.RunEnded, 0)], events.Select(one => (one.Kind, one.Jobs?.Count ?? 0)));
        Assert.Equal(RunVerdict.Passed, events[^1].Run!.Verdict);
        Assert.Equal(events.Skip(1).Select(one => one.Cursor), (await _queue.Jobs.ReadRunEventsAsync(run.RunId, events[0].Cursor, QueueHarness.Ct))!.Select(one => one.Cursor));
        Assert.Null(await _queue.Jobs.ReadRunEventsAsync("run_01k9abcdefgh01234567", null, QueueHarness.Ct));
    }

    [Fact]
    public async Task RunEvents_BehindATrimmedCursor_BeginWithANewSnapshot()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run(1));
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        var old = (await _queue.Jobs.ReadRunEventsAsync(run.RunId, null, QueueHarness.Ct))![0].Cursor;
        for (var i = 0; i < 1300; i++)
        {
            await _queue.Agents.SetPhaseAsync([device.Handle(job)], i % 2 == 0 ? JobPhase.Preparing : JobPhase.Installing, QueueHarness.Ct);
        }

        var events = (await _queue.Jobs.ReadRunEventsAsync(run.RunId, old, QueueHarness.Ct))!;

        Assert.Equal(RunEventKind.Snapshot, Assert.Single(events).Kind);
        Assert.Empty((await _queue.Jobs.ReadRunEventsAsync(run.RunId, events[0].Cursor, QueueHarness.Ct))!);
    }
}
