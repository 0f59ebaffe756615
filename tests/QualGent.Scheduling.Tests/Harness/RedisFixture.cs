using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace QualGent.Scheduling.Tests.Harness;

/// <summary>One private Redis for all tests of the assembly that do not break it; every test has a pool of its own.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public ConnectionMultiplexer Connection { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RedisServer.StartAsync(CancellationToken.None);
        Connection = await Server.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await Server.DisposeAsync();
    }
}
