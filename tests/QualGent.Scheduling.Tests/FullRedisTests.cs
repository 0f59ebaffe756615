using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>Redis has reached its maxmemory (noeviction): nothing new comes in, everything that is there gets out.</summary>
public sealed class FullRedisTests : IAsyncLifetime
{
    private RedisServer _server = null!;
    private ConnectionMultiplexer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync(QueueHarness.Ct);
        _redis = await _server.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _redis.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task FullRedis_WithWorkWaiting_RefusesMoreAndIsDrained()
    {
        var queue = new QueueHarness(_redis);
        await RedisSchema.EnsureAsync(_redis.GetDatabase(), queue.Keys);
        var run = await queue.AcceptAsync(QueueHarness.Run(20));
        var device = (await queue.AgentAsync())[0];
        await queue.SweepAsync();
        await LimitMemoryAsync("1mb");

        var before = await queue.Invariants.DigestAsync();
        var refused = Assert.IsType<AcceptResult.QueueFull>(await queue.Jobs.AcceptAsync(QueueHarness.Run(), null, QueueHarness.Ct));

        Assert.Equal("memory", refused.Limit);
        Assert.Equal(before, await queue.Invariants.DigestAsync());
        await RedisSchema.EnsureAsync(_redis.GetDatabase(), queue.Keys);
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
        {
            queue.Advance(TimeSpan.FromSeconds(5));
            await queue.SweepAsync();
            Assert.False((await device.BeatAsync([.. batch.Jobs])).Fenced);
            await PlacementTests.FinishAllAsync(device, batch);
        }

        Assert.Equal(RunVerdict.Passed, (await queue.RunAsync(run.RunId)).Verdict);
        await LimitMemoryAsync("0");
        await queue.Invariants.CheckAsync(run.RunId);
        await queue.AcceptAsync(QueueHarness.Run());
    }

    [Fact]
    public async Task Host_ThatStartsOnAFullRedis_WaitsForRoomAndSweeps()
    {
        var database = _redis.GetDatabase();
        await LimitMemoryAsync("1mb");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IConnectionMultiplexer>(_redis);
        builder.AddScheduling();
        using var host = builder.Build();
        await host.StartAsync(QueueHarness.Ct);
        // INFO errorstats: "errorstat_OOM:count=1"
        await Eventually.GetAsync(
            async () => (string)(await database.ExecuteAsync("INFO", "errorstats"))!, text => text.Contains("errorstat_OOM", StringComparison.Ordinal), "a refused write", QueueHarness.Ct);

        await LimitMemoryAsync("0");

        await Eventually.GetAsync(
            async () => (await database.HashGetAsync("qg:{main}:sweep", "last_ms")).HasValue, swept => swept, "a sweep", QueueHarness.Ct);
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await host.StopAsync(QueueHarness.Ct);
    }

    [Theory]
    [InlineData("OOM", true)]
    [InlineData("MISCONF", true)]
    [InlineData("READONLY", true)]
    [InlineData("BUSY", true)]
    [InlineData("ERR Error running script: -OOM", true)]
    [InlineData("ERR", false)]
    [InlineData("WRONGTYPE", false)]
    public async Task Trouble_OfTheStore_PassesAndAnErrorOfAScriptDoesNot(string code, bool expected)
    {
        var error = await Assert.ThrowsAsync<RedisServerException>(() => _redis.GetDatabase().ScriptEvaluateAsync($"return redis.error_reply('{code} because')"));
        Assert.Equal(expected, RedisTrouble.Passes(error));
    }

    private async Task LimitMemoryAsync(string limit) => await _redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", limit);
}
