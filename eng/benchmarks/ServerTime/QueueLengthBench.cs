using QualGent.Bench.Support;
using QualGent.Scheduling.Queue;
using QualGent.Testing;

namespace QualGent.Bench.ServerTime;

/// <summary>
/// What the scripts cost the Redis server, which runs them one at a time, in a short queue and in a long one with its groups,
/// organisations and devices, and of the emptiest script for comparison. Every device holds a batch; in turn they finish it
/// and claim the next, and as much is submitted again.
/// </summary>
internal static class QueueLengthBench
{
    private const int JobsPerGroup = 200;
    private const int Accepts = 500;
    private const int Cycles = 1_000;

    // As long as the scheduler assumes of an unknown test, so that a batch has its usual size.
    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var small = await MeasureAsync(groups: 5, orgs: 5, agents: 1, devicesPerAgent: 2, cancellationToken);
        var large = await MeasureAsync(groups: 5_000, orgs: 500, agents: 20, devicesPerAgent: 100, cancellationToken);
        const string Length = "at 1,000,000 queued (5,000 groups, 500 organisations, 2,000 devices)";
        report.Add(Row.AtMost($"server time of claim + finish per job, {Length}, of that at 1,000", large.Job / small.Job, 1.5, $"{large.Job:0.0} µs at {large.Batch:0.0} jobs per claim, {small.Job:0.0} µs at {small.Batch:0.0}"));
        report.Add(Row.AtMost($"server time of claim + finish per job, {Length}, of an empty script", large.Job / large.Empty, 100, $"{large.Job:0.0} µs, `EVALSHA return 1` {large.Empty:0.00} µs"));
        report.Add(Row.Known($"server time of an accepted job, {Length}, of that at 1,000", large.Accept / small.Accept, $"{large.Accept:0.0} µs, {small.Accept:0.0} µs"));
        report.Add(Row.Known($"server time of an accepted job, {Length}, of an empty script", large.Accept / large.Empty, $"{large.Accept:0.0} µs"));
    }

    // Nothing sweeps here: every script the server counts is one of the measurement's.
    private static async Task<(double Empty, double Accept, double Job, double Batch)> MeasureAsync(int groups, int orgs, int agents, int devicesPerAgent, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, "everysec");
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: false, cancellationToken);
        Task SubmitAsync(int group, int tests) => queue.AcceptAsync(BenchQueue.Run($"org-{group % orgs}", $"v{group}", tests), cancellationToken);

        await Parallel.ForAsync(0, groups, cancellationToken, async (group, _) => await SubmitAsync(group, JobsPerGroup));
        var devices = new List<BenchDevice>();
        for (var agent = 0; agent < agents; agent++)
        {
            devices.AddRange(await queue.RegisterAsync($"agt_{agent}", devicesPerAgent, cancellationToken));
        }

        var held = new Queue<(BenchDevice Device, Batch? Batch)>();
        foreach (var device in devices)
        {
            held.Enqueue((device, await device.ClaimAsync(cancellationToken)));
        }

        var empty = await ScriptTime.OfEmptyScriptAsync(queue.Database);
        var (spent, jobs, submitted) = (default(ScriptTime), 0, 0);
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            var (device, batch) = held.Dequeue();
            spent += await ScriptTime.OfAsync(queue.Database, async () =>
            {
                if (batch is not null)
                {
                    await device.FinishAsync(batch, s_each, cancellationToken);
                }

                held.Enqueue((device, await device.ClaimAsync(cancellationToken)));
            });
            jobs += batch?.Jobs.Count ?? 0;
            for (; submitted < jobs / JobsPerGroup; submitted++)
            {
                await SubmitAsync(submitted % groups, JobsPerGroup);
            }
        }

        // Last: many jobs of one file would make small batches.
        var number = 0;
        var accept = await ScriptTime.PerCallAsync(queue.Database, Accepts, () => SubmitAsync(number++ % groups, 1));
        return (empty, accept, spent.Microseconds / (double)jobs, jobs / (double)Cycles);
    }
}
