using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>What operators see.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly QueueHarness _queue;
    private readonly RedisFixture _redis;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _seen = [];

    public MetricsTests(RedisFixture redis)
    {
        _redis = redis;
        _queue = new QueueHarness(redis.Connection);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == _queue.Meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _seen.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}".TrimEnd()));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Counters_OfARunWithARetryAndALoss_TellThem()
    {
        await _queue.AcceptAsync(QueueHarness.Run(2));
        var device = (await _queue.AgentAsync())[0];
        await _queue.SweepAsync();
        var jobs = (await device.ClaimAsync()).Jobs;
        await device.FinishAsync(jobs[0]);
        await device.FinishAsync(jobs[1], JobOutcome.Failed);
        Assert.Equal(WriteStatus.Duplicate, await device.FinishAsync(jobs[1], JobOutcome.Failed));
        for (var i = 0; i < 2; i++)
        {
            _queue.Advance(TimeSpan.FromSeconds(9));
            await _queue.SweepAsync();
        }

        Assert.Single((await device.ClaimAsync()).Jobs);
        for (var i = 0; i < 4; i++)
        {
            _queue.Advance(TimeSpan.FromSeconds(9));
            await _queue.SweepAsync();
        }

        Assert.Equal(
            [
                "qualgent.job.accepted 2 target=emulator", "qualgent.job.finished 1 target=emulator outcome=passed",
                "qualgent.job.retries 1 target=emulator outcome=failed", "qualgent.lease.lost 1", "qualgent.job.taken_back 1",
            ],
            _seen.Where(line => !line.StartsWith("qualgent.queue.depth", StringComparison.Ordinal)));
        Assert.Contains("qualgent.queue.depth 1 state=running", _seen);
    }

    [Fact]
    public async Task Sweepers_AtTheSameTime_AreLetThroughOneByOne()
    {
        var sweepers = Enumerable.Range(0, 5).Select(_ => new QueueHarness(_redis.Connection, options => options.Pool = _queue.Options.Pool)).ToList();
        var seen = new ConcurrentQueue<long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == "qualgent.queue.depth" && sweepers.Exists(sweeper => sweeper.Meters == instrument.Meter.Scope))
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => seen.Enqueue(value));
        listener.Start();

        await Task.WhenAll(sweepers.Select(sweeper => sweeper.Upkeep.SweepAsync(QueueHarness.Ct)));

        Assert.Equal(2, seen.Count); // queued and running, as the one that swept saw them
        sweepers[^1].Advance(TimeSpan.FromSeconds(1));
        await sweepers[^1].Upkeep.SweepAsync(QueueHarness.Ct);
        Assert.Equal(4, seen.Count);
    }
}
