using System.Diagnostics;
using System.Globalization;
using QualGent.Scheduling.Telemetry;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Runs the scripts of one pool: puts the prefix into KEYS and the time in front of ARGV.</summary>
internal sealed class QueueScripts(IConnectionMultiplexer redis, RedisKeys keys, QueueClock clock)
{
    private static readonly ActivitySource s_activities = new(SchedulingInstruments.Name);
    private readonly RedisKey[] _keys = [keys.Prefix];

    /// <summary>The data base, for plain reads.</summary>
    public IDatabase Database => redis.GetDatabase();

    /// <summary>Key names of the pool.</summary>
    public RedisKeys Keys => keys;

    /// <summary>Puts an operation into its caller's trace, if there is one: sweeps and idle claims would start thousands of their own.</summary>
    public static Activity? StartActivity(string name) => Activity.Current is null ? null : s_activities.StartActivity($"queue {name}", ActivityKind.Client);

    /// <summary>Runs an operation.</summary>
    public async Task<RedisResult> RunAsync(string name, params RedisValue[] arguments)
    {
        using var activity = StartActivity(name);
        RedisValue[] all = [clock.NowMs, .. arguments];
        try
        {
            return await Database.ScriptEvaluateAsync(LuaScripts.Hash(name), _keys, all).InTime();
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // The server has not seen the script yet, or has lost it (restart, failover, SCRIPT FLUSH): here is the text. The
            // client has noticed and sends it even if it did before. A second NOSCRIPT in a row is somebody else's doing.
            return await Database.ScriptEvaluateAsync(LuaScripts.Text(name), _keys, all).InTime();
        }
    }

    /// <summary>Time of the scripts, in milliseconds since 1970.</summary>
    public async Task<long> NowAsync()
    {
        if (clock.NowMs is not 0 and var virtualNow)
        {
            return virtualNow;
        }

        // TIME answers seconds and microseconds: ["1763806888", "123456"]
        var time = (string[])(await Database.ExecuteAsync("TIME").InTime())!;
        return (long.Parse(time[0], CultureInfo.InvariantCulture) * 1000) + (long.Parse(time[1], CultureInfo.InvariantCulture) / 1000);
    }
}
