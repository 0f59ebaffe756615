using QualGent.Bench.Support;
using QualGent.Scheduling.Queue;
using QualGent.Testing;

namespace QualGent.Bench.ServerTime;

/// <summary>What a claimed job costs the Redis server when a device takes 16 at a time, and when it takes one.</summary>
internal static class ClaimSizeBench
{
    private const int Large = 16;
    private const int Claims = 200;
    private const int WarmUp = 30;

    // A batch is about a minute of work: with tests that long a device claims one, with tests of a sixteenth of it sixteen.
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var one = await MeasureAsync(1, cancellationToken);
        var many = await MeasureAsync(Large, cancellationToken);
        report.Add(Row.AtMost($"server time of a claim of {Large}, per job, of a claim of 1", many / one, 0.35, $"{many:0.0} µs per job, {one:0.0} µs"));
    }

    /// <summary>Microseconds per claimed job.</summary>
    private static async Task<double> MeasureAsync(int size, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, "everysec");
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: false, cancellationToken);
        var device = (await queue.RegisterAsync("agt_bench", 1, cancellationToken))[0];
        for (var run = 0; run < Large * (Claims + WarmUp) / 1000 + 1; run++)
        {
            await queue.AcceptAsync(BenchQueue.Run("org", "v1", 1000), cancellationToken);
        }

        var (spent, jobs) = (default(ScriptTime), 0);
        for (var claim = -WarmUp; claim < Claims; claim++)
        {
            Batch? batch = null;
            var cost = await ScriptTime.OfAsync(queue.Database, async () => batch = await device.ClaimAsync(cancellationToken));
            await device.FinishAsync(batch!, s_minute / size, cancellationToken);
            if (claim >= 0)
            {
                spent += cost;
                jobs += batch!.Jobs.Count;
            }
        }

        return jobs == size * Claims ? spent.Microseconds / (double)jobs : throw new InvalidOperationException($"{Claims} claims of {size} took {jobs} jobs.");
    }
}
