using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Tells trouble of the store, which passes, from errors of the program, which do not.</summary>
public static partial class RedisTrouble
{
    /// <summary>Whether the same call may succeed later: Redis cannot be reached, or says that it cannot take the call now.</summary>
    public static bool Passes(Exception e) => e is RedisConnectionException or TimeoutException || (e is RedisServerException && Passing().IsMatch(e.Message));

    // "LOADING Redis is loading the dataset in memory"; inside a script also "ERR Error running script (…): -OOM command not allowed …"
    [GeneratedRegex("(^|-)(LOADING|OOM|MISCONF|READONLY|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOSCRIPT|NOREPLICAS) ")]
    private static partial Regex Passing();
}
