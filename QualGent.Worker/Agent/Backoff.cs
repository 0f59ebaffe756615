using StackExchange.Redis;

namespace QualGent.Worker.Agent;

/// <summary>Waiting times with jitter, so that many agents never come back in step.</summary>
public static class Backoff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>The store could not be reached, or answered with an error: never a verdict.</summary>
    public static bool IsStoreFault(Exception e) => e is RedisException or TimeoutException;

    /// <summary>Wait after the n-th failure in a row, n from 1: doubles up to a ceiling, half of it random.</summary>
    public static TimeSpan After(int failures) => Between(0.5, Math.Min(s_longest.TotalSeconds, s_first.TotalSeconds * Math.Pow(2, Math.Min(failures, 16) - 1)));

    /// <summary>A random time between two.</summary>
    public static TimeSpan Between(TimeSpan min, TimeSpan max) => min + ((max - min) * Random.Shared.NextDouble());

    private static TimeSpan Between(double share, double seconds) => TimeSpan.FromSeconds(seconds * (share + ((1 - share) * Random.Shared.NextDouble())));
}
