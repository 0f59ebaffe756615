using QualGent.Bench.Support;
using QualGent.Scheduling.Queue;
using QualGent.Testing;

namespace QualGent.Bench.ServerTime;

/// <summary>
/// What claim and finish cost the Redis server while it keeps a million finished jobs, and when it keeps none: same groups, organisations and
/// devices, 1,000 jobs queued in both. The finished ones are cancelled runs of 1,000 tests of the same groups: that is the fastest way to have them.
/// </summary>
internal static class FinishedJobsBench
{
    private const int Finished = 1_000_000;
    private const int TestsPerRun = 1_000;
    private const int Groups = 5;
    private const int Cycles = 1_000;
    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, "everysec");
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: false, cancellationToken);
        var devices = await queue.RegisterAsync("agt_bench", 2, cancellationToken);
        for (var group = 0; group < Groups; group++)
        {
            await SubmitAsync(queue, group, 200, cancellationToken);
        }

        await MeasureAsync(queue, devices, cancellationToken); // warms up what learns and caches
        var without = await MeasureAsync(queue, devices, cancellationToken);
        await Parallel.ForAsync(0, Finished / TestsPerRun, cancellationToken, async (run, _) =>
        {
            var accepted = await SubmitAsync(queue, run % Groups, TestsPerRun, cancellationToken);
            await queue.Jobs.CancelRunAsync(accepted.RunId, null, cancellationToken);
        });
        var with = await MeasureAsync(queue, devices, cancellationToken);
        report.Add(Row.AtMost(
            "server time of claim + finish per job, with 1,000,000 finished jobs kept, of that with none", with / without, 1.5, $"{with:0.0} µs, {without:0.0} µs"));
    }

    private static Task<AcceptResult.Accepted> SubmitAsync(BenchQueue queue, int group, int tests, CancellationToken cancellationToken) =>
        queue.AcceptAsync(BenchQueue.Run($"org-{group}", $"v{group}", tests), cancellationToken);

    // Microseconds per job. As much is submitted again as was finished, outside of what is counted.
    private static async Task<double> MeasureAsync(BenchQueue queue, IReadOnlyList<BenchDevice> devices, CancellationToken cancellationToken)
    {
        var (spent, jobs, submitted) = (default(ScriptTime), 0, 0);
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            spent += await ScriptTime.OfAsync(queue.Database, async () =>
            {
                var batch = await devices[cycle % devices.Count].ClaimAsync(cancellationToken) ?? throw new InvalidOperationException("A device found nothing.");
                await devices[cycle % devices.Count].FinishAsync(batch, s_each, cancellationToken);
                jobs += batch.Jobs.Count;
            });
            for (; submitted < jobs / 200; submitted++)
            {
                await SubmitAsync(queue, submitted % Groups, 200, cancellationToken);
            }
        }

        return spent.Microseconds / (double)jobs;
    }
}
