using System.Globalization;
using QualGent.Scheduling.Redis;
using StackExchange.Redis;
using static QualGent.Simulation.Checking.InvariantException;

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
        var pool = await ReadAsync();
        Check(pool, runIds);
        return pool;
    }

    /// <summary>Everything in the pool, unchecked.</summary>
    public Task<PoolSnapshot> ReadAsync() => PoolSnapshot.ReadAsync(database, keys);

    /// <summary>Fails with everything that is wrong with what was read.</summary>
    /// <param name="pool">What was read.</param>
    /// <param name="runIds">Runs that were accepted and have not been forgotten.</param>
    /// <exception cref="InvariantException">Something is.</exception>
    public void Check(PoolSnapshot pool, IEnumerable<string> runIds)
    {
        _wrong.Clear();
        List<string> accepted = [.. runIds];
        CheckRuns(pool, accepted);
        CheckAttached(pool, accepted);
        CheckDevices(pool);
        CheckIndexes(pool);
        CheckHooks(pool);
        Require(_wrong.Count == 0, string.Join("\n", _wrong));
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
