using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Offline.Tests;

public sealed class RedisClientTests
{
    [Fact]
    public async Task AddRedisClient_RedisRuns_ConnectsAndIsHealthy()
    {
        await using var redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        await using var services = Services(redis.ConnectionString);
        var db = services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await db.StringSetAsync("key", "value");
        Assert.Equal("value", (string?)await db.StringGetAsync("key"));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(services));
    }

    [Fact]
    public async Task Health_RedisDiesAndReturns_FollowsIt()
    {
        await using var redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        await using var services = Services(redis.ConnectionString);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(services));
        await redis.KillAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(services));
        await redis.StartAgainAsync(TestContext.Current.CancellationToken);
        await Eventually.GetAsync(() => HealthAsync(services), status => status == HealthStatus.Healthy, "healthy again", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Reply_ContinuationBlocks_OthersStillArrive()
    {
        await using var redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        await using var services = Services(redis.ConnectionString);
        var db = services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        using var release = new ManualResetEventSlim();
        // A reply that is faster than ContinueWith would be finished, with what blocks, on the thread that reads the socket.
        await redis.SignalAsync("STOP", TestContext.Current.CancellationToken);
        var blocked = db.PingAsync().ContinueWith(_ => release.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var other = db.PingAsync();
        await redis.SignalAsync("CONT", TestContext.Current.CancellationToken);
        await other.WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);
        release.Set();
        await blocked;
    }

    [Fact]
    public void AddRedisClient_NoConnectionString_SaysWhatIsMissing()
    {
        using var services = Services(null);
        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<IConnectionMultiplexer>);
        Assert.Contains("ConnectionStrings:redis", error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(string? connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", connectionString)]);
        builder.AddRedisClient("redis");
        builder.Services.AddLogging();
        return builder.Services.BuildServiceProvider();
    }

    private static async Task<HealthStatus> HealthAsync(ServiceProvider services) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Status;
}
