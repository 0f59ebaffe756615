using Aspire.Hosting.Testing;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.AppHost.Tests;

public sealed class RedisSourceTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("qualgent-redis-source-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Data_HostEndsAndStartsAgain_IsStillThere()
    {
        await WithRedisAsync([$"--DataDir={_data.FullName}"], db => db.StringSetAsync("survivor", "yes"));
        await WithRedisAsync([$"--DataDir={_data.FullName}"], async db => Assert.Equal("yes", (string?)await db.StringGetAsync("survivor")));
    }

    [Fact]
    public async Task ConnectionString_Given_NoServerIsStarted()
    {
        await using var redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.QualGent_AppHost>(
            [$"--DataDir={_data.FullName}", $"--ConnectionStrings:redis={redis.ConnectionString}", "--Workers:Count=0"], TestContext.Current.CancellationToken);
        var application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.StartAsync(TestContext.Current.CancellationToken);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("api", TestContext.Current.CancellationToken).WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(redis.ConnectionString, await application.GetConnectionStringAsync("redis", TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Path.Combine(_data.FullName, "redis")));
    }

    private static async Task WithRedisAsync(string[] arguments, Func<IDatabase, Task> act)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.QualGent_AppHost>([.. arguments, "--Workers:Count=0"], TestContext.Current.CancellationToken);
        await using var application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.StartAsync(TestContext.Current.CancellationToken);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("redis", TestContext.Current.CancellationToken).WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);
        using var client = await ConnectionMultiplexer.ConnectAsync((await application.GetConnectionStringAsync("redis", TestContext.Current.CancellationToken))!);
#pragma warning disable CS0618 // Needed by 1.2.6, without effect later.
        client.PreserveAsyncOrder = false;
#pragma warning restore CS0618
        await act(client.GetDatabase());
    }
}
