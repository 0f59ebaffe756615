using System.Globalization;
using QualGent.Scheduling.Redis;
using StackExchange.Redis;

namespace QualGent.Simulation.Checking;

/// <summary>
/// Reads a whole pool and checks what must hold between its keys after every operation, and from one look to the next. Knows the
/// layout but shares no code with the scripts.
/// </summary>
internal sealed partial class QueueInvariants(IDatabase database, RedisKeys keys)
{
    private readonly List<string> _wrong = [];

    /// <summary>Fails with everything that is wrong.</summary>
    /// <param name="runIds">Runs that were accepted and have not been forgotten.</param>
    /// <exception cref="InvariantException">Something is.</exception>
    public async Task<PoolSnapshot> CheckAsync(params IEnumerable<string> runIds)
    {
        var pool = await PoolSnapshot.ReadAsync(database, keys);
        _wrong.Clear();
        List<string> accepted = [.. runIds];
        CheckRuns(pool, accepted);
        CheckAttached(pool, accepted);
        CheckDevices(pool);
        CheckIndexes(pool);
        CheckHooks(pool);
        return _wrong.Count == 0 ? pool : throw new InvariantException(string.Join("\n", _wrong));
    }

    /// <summary>Everything in the pool, for comparing before and after.</summary>
    public async Task<string> DigestAsync() => (await PoolSnapshot.ReadAsync(database, keys, events: 1)).ToString();

    private void Check(bool holds, string message)
    {
        if (!holds)
        {
            _wrong.Add(message);
        }
    }

    private static long Number(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string? text) => text is null ? 0 : double.Parse(text, CultureInfo.InvariantCulture);
}
