using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>The version of the key layout lives in the data; a process that knows another one must not touch it.</summary>
internal static class RedisSchema
{
    /// <summary>Raised by every change that older or newer processes would misread.</summary>
    public const int Version = 3;

    /// <summary>Writes the version into an empty pool, or compares.</summary>
    /// <exception cref="QueueLayoutException">The pool's data has another version.</exception>
    public static async Task EnsureAsync(IDatabase database, RedisKeys keys)
    {
        // A full Redis refuses every SET, also one that would change nothing: a pool that has its version must start without.
        var found = await database.StringGetAsync(keys.Schema).InTime();
        if (found.IsNull)
        {
            await database.StringSetAsync(keys.Schema, Version, when: When.NotExists).InTime();
            found = await database.StringGetAsync(keys.Schema).InTime();
        }

        if (found != Version)
        {
            throw new QueueLayoutException(
                $"The queue's data in Redis (key {keys.Schema}) has layout version {found}, this program knows version {Version}. "
                + "Run the program version that wrote it until its runs have ended, choose another pool with Scheduling:Pool, or start with an empty Redis.");
        }
    }
}

/// <summary>The data in Redis was written by a program that this one does not understand.</summary>
internal sealed class QueueLayoutException(string message) : Exception(message);
