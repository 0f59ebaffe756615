using StackExchange.Redis;

namespace QualGent.Api.Tests;

/// <summary>Asks Redis what the API has open there.</summary>
public sealed class RedisProbe : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _client;

    private RedisProbe(ConnectionMultiplexer client) => _client = client;

    public static async Task<RedisProbe> ConnectAsync(ApiServer api) => new(await api.Redis.ConnectAsync());

    /// <summary>Connections that watch a run.</summary>
    public async Task<long> SubscribersAsync(string runId)
    {
        // PUBSUB NUMSUB answers ["qg:{main}:news:run_…", 1]
        var reply = (RedisResult[])(await _client.GetDatabase().ExecuteAsync("PUBSUB", "NUMSUB", $"qg:{{main}}:news:{runId}"))!;
        return (long)reply[1];
    }

    public async ValueTask DisposeAsync()
    {
        await _client.CloseAsync();
        _client.Dispose();
    }
}
