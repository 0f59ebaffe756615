using System.Threading.Channels;
using QualGent.Bench.Support;
using QualGent.Scheduling.Queue;
using QualGent.Testing;

namespace QualGent.Bench.IdleStart;

/// <summary>
/// The time from a submission's answer until the batch is in the hands of an idle device's runner: the hint travels, the agent
/// claims. Submitter and agent have connections of their own. Between two samples a PING travels over the submitter's.
/// </summary>
internal static class IdleStartBench
{
    private const int WarmUp = 100;
    private const int Samples = 500;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static Task RunAsync(Report report, CancellationToken cancellationToken) =>
        report.MeasureDurabilitiesAsync("idle start", fsync => MeasureAsync(report, fsync, cancellationToken), cancellationToken);

    private static async Task MeasureAsync(Report report, string fsync, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var redis = await RedisServer.StartAsync(cancellationToken, fsync);
        await using var submitter = await BenchQueue.StartAsync(redis, sweeps: true, cancellationToken);
        await using var agent = await BenchQueue.StartAsync(redis, sweeps: true, cancellationToken);
        var device = (await agent.RegisterAsync("agt_bench", 1, cancellationToken))[0];
        var hints = Channel.CreateUnbounded<AgentHint>();
        await using var watch = await agent.Agents.WatchAsync("agt_bench", hint => hints.Writer.TryWrite(hint), cancellationToken);
        await submitter.AcceptAsync(BenchQueue.Run("org", "v1", 1), cancellationToken);

        var (pings, starts, whole) = (new List<double>(), new List<double>(), new List<double>());
        for (var sample = -WarmUp; sample < Samples; sample++)
        {
            await BecomeIdleAsync(device, hints.Reader, cancellationToken);
            var ping = await submitter.Database.PingAsync();
            var runner = StartOnHintAsync(device, hints.Reader, time, cancellationToken);
            var sent = time.GetTimestamp();
            await submitter.AcceptAsync(BenchQueue.Run("org", "v1", 1), cancellationToken);
            var accepted = time.GetTimestamp();
            var called = await runner.WaitAsync(s_patience, time, cancellationToken);
            if (sample >= 0)
            {
                pings.Add(ping.TotalMilliseconds);
                starts.Add(Math.Max(0, time.GetElapsedTime(accepted, called).TotalMilliseconds));
                whole.Add(time.GetElapsedTime(sent, called).TotalMilliseconds);
            }
        }

        var round = $"Redis round trip p50 {pings.Median():0.00} ms, p99 {pings.Percentile(99):0.00} ms";
        report.Add(Row.AtMost($"idle device, accepted → runner called, p99, `{fsync}`", starts.Percentile(99) / pings.Percentile(99), 20, $"p50 {starts.Median():0.00} ms, p99 {starts.Percentile(99):0.00} ms; {round}"));
        report.Add(Row.Known($"same, from the moment the submission is sent, `{fsync}`", whole.Percentile(99) / pings.Percentile(99), $"p50 {whole.Median():0.00} ms, p99 {whole.Percentile(99):0.00} ms"));
    }

    // Runs whatever is queued, until a claim finds nothing and the device is registered as idle; hints until then are old.
    private static async Task BecomeIdleAsync(BenchDevice device, ChannelReader<AgentHint> hints, CancellationToken cancellationToken)
    {
        while (await device.ClaimAsync(cancellationToken) is { } batch)
        {
            await device.FinishAsync(batch, TimeSpan.Zero, cancellationToken);
        }

        while (hints.TryRead(out _))
        {
        }
    }

    // What an agent does: waits for the hint, claims, calls the runner. This runner notes when it was called.
    private static async Task<long> StartOnHintAsync(BenchDevice device, ChannelReader<AgentHint> hints, TimeProvider time, CancellationToken cancellationToken)
    {
        await hints.ReadAsync(cancellationToken);
        var batch = await device.ClaimAsync(cancellationToken) ?? throw new InvalidOperationException("The hint promised work, but there was none.");
        var called = time.GetTimestamp();
        await device.FinishAsync(batch, TimeSpan.Zero, cancellationToken);
        return called;
    }
}
