using System.Globalization;
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

    /// <summary>How often Redis has carried out a command, for whomever.</summary>
    public async Task<long> CallsAsync(string command)
    {
        // "cmdstat_xrange:calls=12,usec=…"
        var line = ((string)(await _client.GetDatabase().ExecuteAsync("INFO", "commandstats"))!).Split('\n').FirstOrDefault(text => text.StartsWith($"cmdstat_{command}:calls=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.CloseAsync();
        _client.Dispose();
    }
}
