using QualGent.Bench.Support;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Bench.ServerTime;

/// <summary>
/// What the scripts cost the Redis server, which runs them one at a time: its own count of microseconds per call, without
/// network and fsync, at two queue lengths, and of the emptiest script for comparison.
/// </summary>
internal static class ServerTimeBench
{
    private const int Accepts = 500;
    private const int Claims = 100;

    public static async Task<IReadOnlyList<Row>> RunAsync(CancellationToken cancellationToken)
    {
        var small = await MeasureAsync(queued: 1_000, cancellationToken);
        var large = await MeasureAsync(queued: 100_000, cancellationToken);
        return
        [
            Row.AtMost("server time of claim + finish per job, at 100,000 queued, of that at 1,000", large.Job / small.Job, 1.5, $"{large.Job:0.0} µs, {small.Job:0.0} µs"),
            Row.AtMost("server time of claim + finish per job, at 100,000 queued, of an empty script", large.Job / large.Empty, 100, $"{large.Job:0.0} µs, `EVALSHA return 1` {large.Empty:0.00} µs"),
            Row.Known("server time of an accepted job, at 100,000 queued, of that at 1,000", large.Accept / small.Accept, $"{large.Accept:0.0} µs, {small.Accept:0.0} µs"),
            Row.Known("server time of an accepted job, at 100,000 queued, of an empty script", large.Accept / large.Empty, $"{large.Accept:0.0} µs"),
        ];
    }

    // Nothing sweeps here: every script the server counts is one of the measurement's.
    private static async Task<(double Empty, double Accept, double Job)> MeasureAsync(int queued, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, "everysec");
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: false, cancellationToken);
        var devices = await queue.RegisterAsync("agt_bench", 8, cancellationToken);
        for (var run = 0; run < queued / 1000; run++)
        {
            await queue.AcceptAsync(BenchQueue.Run($"org-{run % 10}", $"v{run}", 1000), cancellationToken);
        }

        var empty = await PerCallAsync(queue.Database, 20_000, () => queue.Database.ScriptEvaluateAsync("return 1"));
        var number = 0;
        var accept = await PerCallAsync(queue.Database, Accepts, async () => await queue.AcceptAsync(BenchQueue.Run($"org-{number++ % 10}", $"v{number % 20}", 1), cancellationToken));

        var jobs = 0;
        var before = await ScriptTimeAsync(queue.Database);
        for (var claim = 0; claim < Claims; claim++)
        {
            var device = devices[claim % devices.Count];
            if (await device.ClaimAsync(cancellationToken) is { } batch)
            {
                // As long as the scheduler assumes, so that a batch has its usual size.
                await device.FinishAsync(batch, TimeSpan.FromSeconds(10), cancellationToken);
                jobs += batch.Jobs.Count;
            }
        }

        return (empty, accept, (await ScriptTimeAsync(queue.Database) - before).Microseconds / (double)jobs);
    }

    private static async Task<double> PerCallAsync(IDatabase database, int calls, Func<Task> call)
    {
        await call(); // the first one sends the text
        var before = await ScriptTimeAsync(database);
        for (var i = 0; i < calls; i++)
        {
            await call();
        }

        var spent = await ScriptTimeAsync(database) - before;
        return spent.Microseconds / (double)spent.Calls;
    }

    private static async Task<ScriptTime> ScriptTimeAsync(IDatabase database)
    {
        // "cmdstat_evalsha:calls=20001,usec=31532,usec_per_call=1.58,rejected_calls=0,failed_calls=0"
        var line = ((string)(await database.ExecuteAsync("INFO", "commandstats"))!).Split("\r\n").FirstOrDefault(text => text.StartsWith("cmdstat_evalsha:", StringComparison.Ordinal));
        var fields = line?["cmdstat_evalsha:".Length..].Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return fields is null ? default : new ScriptTime(long.Parse(fields["calls"], System.Globalization.CultureInfo.InvariantCulture), long.Parse(fields["usec"], System.Globalization.CultureInfo.InvariantCulture));
    }

    private readonly record struct ScriptTime(long Calls, long Microseconds)
    {
        public static ScriptTime operator -(ScriptTime a, ScriptTime b) => new(a.Calls - b.Calls, a.Microseconds - b.Microseconds);
    }
}
