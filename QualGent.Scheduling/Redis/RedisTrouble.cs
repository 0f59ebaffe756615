using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Tells trouble of the store, which passes, from errors of the program, which do not.</summary>
internal static class RedisTrouble
{
    // Error replies with which a living Redis says that it cannot take a write or a script now, e.g. "LOADING Redis is loading the dataset in memory".
    private static readonly string[] s_passing = ["LOADING", "OOM", "MISCONF", "READONLY", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"];

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool Passes(Exception e) => e is RedisConnectionException or TimeoutException
        || (e is RedisServerException && s_passing.Any(code => e.Message.StartsWith(code, StringComparison.Ordinal)));
}
