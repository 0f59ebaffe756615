using System.Globalization;
using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.Processed;

/// <summary>
/// Jobs without content through the queue, claimed and finished, against BullMQ's worker with the same concurrency. All jobs
/// are queued before the clock starts; each side has a fresh Redis server of the same durability.
/// </summary>
internal static class ProcessedBench
{
    private const int Devices = 64;
    private const int TestsPerRun = 1000;
    private const int Rounds = 3;

    public static Task RunAsync(Report report, CancellationToken cancellationToken) =>
        report.MeasureDurabilitiesAsync("no-op jobs processed", fsync => CompareAsync(report, fsync, cancellationToken), cancellationToken);

    private static async Task CompareAsync(Report report, string fsync, CancellationToken cancellationToken)
    {
        var (peers, ours, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            peers.Add(await BullMq.ProcessAsync(fsync, jobs: 20_000, Devices, cancellationToken));
            ours.Add(await ProcessAsync(fsync, cancellationToken));
            ratios.Add(ours[^1] / peers[^1]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  processed {fsync}, round {round}: BullMQ {peers[^1]:0}/s, QualGent {ours[^1]:0}/s, {ratios[^1]:0.0}x"));
        }

        report.Add(Row.AtLeast($"no-op jobs processed, {Devices} at a time, `{fsync}`", ratios.Median(), 2, $"{ours.Median():0}/s, BullMQ {peers.Median():0}/s"));
    }

    // One app version per device: with a single one and tests that take no time, the scheduler rightly keeps the other
    // devices from installing it.
    private static async Task<double> ProcessAsync(string fsync, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, fsync);
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: true, cancellationToken);
        var devices = (await Task.WhenAll(Enumerable.Range(0, 4).Select(agent => queue.RegisterAsync($"agt_{agent}", Devices / 4, cancellationToken)))).SelectMany(some => some).ToList();
        for (var run = 0; run < Devices; run++)
        {
            await queue.AcceptAsync(BenchQueue.Run($"org-{run % 8}", $"v{run}", TestsPerRun), cancellationToken);
        }

        var started = TimeProvider.System.GetTimestamp();
        var processed = (await Task.WhenAll(devices.Select(device => DrainAsync(device, cancellationToken)))).Sum();
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        return processed == Devices * TestsPerRun
            ? processed / elapsed.TotalSeconds
            : throw new InvalidOperationException($"{processed} of {Devices * TestsPerRun} jobs were processed.");
    }

    private static async Task<int> DrainAsync(BenchDevice device, CancellationToken cancellationToken)
    {
        var processed = 0;
        while (await device.ClaimAsync(cancellationToken) is { } batch)
        {
            await device.FinishAsync(batch, TimeSpan.Zero, cancellationToken);
            processed += batch.Jobs.Count;
        }

        return processed;
    }
}
