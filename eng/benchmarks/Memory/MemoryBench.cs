using System.Globalization;
using System.Security.Cryptography;
using QualGent.Bench.Support;
using QualGent.Scheduling.Queue;
using QualGent.Testing;

namespace QualGent.Bench.Memory;

/// <summary>
/// What Redis holds for a queued job, by its own count of used memory: with the run's settings and manifest, indexes and the
/// record of the idempotency key that <c>qgjob</c> sends.
/// </summary>
internal static class MemoryBench
{
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        report.Add(Row.AtMostBytes("Redis memory per queued job, runs of 1,000 tests", await PerJobAsync(runs: 100, tests: 1_000, withKey: true, cancellationToken), 500, "100,000 jobs"));
        var (with, without) = (await PerJobAsync(runs: 20_000, tests: 1, withKey: true, cancellationToken), await PerJobAsync(runs: 20_000, tests: 1, withKey: false, cancellationToken));
        report.Add(Row.AtMostBytes("Redis memory per queued job, submitted one by one", with, 1_200, $"20,000 jobs; {without:0} B without an idempotency key"));
    }

    private static async Task<double> PerJobAsync(int runs, int tests, bool withKey, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, "everysec");
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: false, cancellationToken);
        async ValueTask SubmitAsync(int run)
        {
            var key = withKey ? new IdempotencyKey(Guid.CreateVersion7().ToString("N"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))) : null;
            if (await queue.Jobs.AcceptAsync(BenchQueue.Run($"org-{run % 5}", $"v{run % 20}", tests), key, cancellationToken) is not AcceptResult.Accepted)
            {
                throw new InvalidOperationException("A run was refused.");
            }
        }

        // Scripts, groups and connections are there before; what is counted is jobs.
        for (var run = 0; run < 20; run++)
        {
            await SubmitAsync(run);
        }

        var before = await UsedAsync(queue);
        await Parallel.ForAsync(0, runs, cancellationToken, (run, _) => SubmitAsync(run));
        return (await UsedAsync(queue) - before) / ((double)runs * tests);
    }

    private static async Task<long> UsedAsync(BenchQueue queue)
    {
        // "used_memory:1048576"
        var line = ((string)(await queue.Database.ExecuteAsync("INFO", "memory"))!).Split("\r\n").Single(text => text.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line["used_memory:".Length..], CultureInfo.InvariantCulture);
    }
}
