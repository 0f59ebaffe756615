using System.Globalization;
using StackExchange.Redis;

namespace QualGent.Bench.ServerTime;

/// <summary>Redis's own count of the scripts it ran: CPU time without network and fsync.</summary>
/// <param name="Calls">Scripts run.</param>
/// <param name="Microseconds">Time they took.</param>
internal readonly record struct ScriptTime(long Calls, long Microseconds)
{
    public static ScriptTime operator +(ScriptTime a, ScriptTime b) => new(a.Calls + b.Calls, a.Microseconds + b.Microseconds);

    public static ScriptTime operator -(ScriptTime a, ScriptTime b) => new(a.Calls - b.Calls, a.Microseconds - b.Microseconds);

    /// <summary>What the scripts cost that a piece of work runs; nothing else may use the server meanwhile.</summary>
    public static async Task<ScriptTime> OfAsync(IDatabase database, Func<Task> work)
    {
        var before = await ReadAsync(database);
        await work();
        return await ReadAsync(database) - before;
    }

    /// <summary>Microseconds of one call, over many.</summary>
    public static async Task<double> PerCallAsync(IDatabase database, int calls, Func<Task> call)
    {
        await call(); // the first one sends the text
        var spent = await OfAsync(database, async () =>
        {
            for (var i = 0; i < calls; i++)
            {
                await call();
            }
        });
        return spent.Microseconds / (double)spent.Calls;
    }

    /// <summary>Microseconds of the emptiest script there is.</summary>
    public static Task<double> OfEmptyScriptAsync(IDatabase database) => PerCallAsync(database, 20_000, () => database.ScriptEvaluateAsync("return 1"));

    private static async Task<ScriptTime> ReadAsync(IDatabase database)
    {
        // "cmdstat_evalsha:calls=20001,usec=31532,usec_per_call=1.58,rejected_calls=0,failed_calls=0"
        var line = ((string)(await database.ExecuteAsync("INFO", "commandstats"))!).Split("\r\n").FirstOrDefault(text => text.StartsWith("cmdstat_evalsha:", StringComparison.Ordinal));
        var fields = line?["cmdstat_evalsha:".Length..].Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return fields is null ? default : new ScriptTime(long.Parse(fields["calls"], CultureInfo.InvariantCulture), long.Parse(fields["usec"], CultureInfo.InvariantCulture));
    }
}
