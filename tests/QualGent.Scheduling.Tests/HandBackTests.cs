using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;

namespace QualGent.Scheduling.Tests;

/// <summary>An agent with many devices takes and gives them in pieces, each of whole devices: no call keeps the queue from others for long.</summary>
public sealed class HandBackTests(RedisFixture redis)
{
    private const int PerCall = 8;
    private const int Devices = 20;
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Unregister_OneCall_GivesBackAFewDevicesWholeAndLeavesTheOthersAlone()
    {
        var (run, devices) = await HoldAsync(_queue);

        Assert.Equal(1, (int)await _queue.Scripts.RunAsync("unregister", "a", Limits.InfrastructureLossesMax, "[]", 0));

        await _queue.Invariants.CheckAsync(run);
        var held = 0;
        foreach (var device in devices)
        {
            held += await device.TryClaimAsync() is ClaimResult.Claimed ? 1 : 0; // the others are fenced, whatever they remember
        }

        Assert.Equal(Devices - PerCall, held);
        await _queue.Agents.UnregisterAsync("a", QueueHarness.Ct);
        Assert.All((await _queue.Jobs.ListDevicesAsync(QueueHarness.Ct)).Devices, device => Assert.Equal(DeviceState.Offline, device.State));
        Assert.Equal(0, (await _queue.RunAsync(run)).Counts.Running);
        await _queue.Invariants.CheckAsync(run);
    }

    [Fact]
    public async Task Register_OfManyDevices_TakesAFewACallAndFencesThemAll()
    {
        await using var server = await RedisServer.StartAsync(QueueHarness.Ct);
        using var connection = await server.ConnectAsync();
        var queue = new QueueHarness(connection);
        var (run, devices) = await HoldAsync(queue);
        await connection.GetDatabase().ExecuteAsync("CONFIG", "RESETSTAT");

        var registered = await queue.Agents.RegisterAsync(QueueHarness.Registration("a", Devices), QueueHarness.Ct);

        var statistics = (string)(await connection.GetDatabase().ExecuteAsync("INFO", "commandstats"))!;
        Assert.Contains($"cmdstat_evalsha:calls={1 + ((Devices + PerCall - 1) / PerCall)},", statistics, StringComparison.Ordinal); // what it does not name comes first
        Assert.Equal(Devices, registered.Accepted.Count);
        Assert.Equal(0, (await queue.RunAsync(run)).Counts.Running);
        foreach (var device in devices)
        {
            Assert.IsType<ClaimResult.Fenced>(await device.TryClaimAsync());
        }

        await queue.Invariants.CheckAsync(run);
    }

    [Fact]
    public async Task Register_WithoutMostOfItsDevices_GivesUpAllItDoesNotName()
    {
        var (run, _) = await HoldAsync(_queue);

        await _queue.Agents.RegisterAsync(QueueHarness.Registration("a", 1), QueueHarness.Ct);

        var agent = Assert.Single((await _queue.Jobs.ListAgentsAsync(QueueHarness.Ct)).Agents);
        Assert.Single(agent.DeviceIds);
        Assert.Equal(Devices - 1, (await _queue.Jobs.ListDevicesAsync(QueueHarness.Ct)).Devices.Count(device => device.State == DeviceState.Offline));
        await _queue.Invariants.CheckAsync(run);
        await _queue.Agents.RegisterAsync(QueueHarness.Registration("a", 0), QueueHarness.Ct);
        Assert.Empty(Assert.Single((await _queue.Jobs.ListAgentsAsync(QueueHarness.Ct)).Agents).DeviceIds);
    }

    // Every device of agent a holds a batch.
    private static async Task<(string RunId, IReadOnlyList<TestDevice> Devices)> HoldAsync(QueueHarness queue)
    {
        var run = await queue.AcceptAsync(QueueHarness.Run(tests: 2000));
        var devices = await queue.AgentAsync(devices: Devices);
        foreach (var device in devices)
        {
            await device.ClaimAsync();
        }

        Assert.InRange((await queue.RunAsync(run.RunId)).Counts.Running, 2 * Devices, 2000);
        return (run.RunId, devices);
    }
}
