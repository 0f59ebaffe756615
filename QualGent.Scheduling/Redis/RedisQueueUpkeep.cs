using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Telemetry;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>One sweep: a guard that lets one process through, then every kind of unfinished work, each a bounded script.</summary>
internal sealed class RedisQueueUpkeep(QueueScripts scripts, SchedulingInstruments instruments, IOptions<SchedulingOptions> options) : IQueueUpkeep
{
    // Shorter than the pause between two sweeps of one process, so that a single process is never held up by its own last sweep.
    private const int IntervalMs = 200;
    private readonly SchedulingOptions _options = options.Value;
    private bool _more;

    /// <inheritdoc/>
    public async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var sweep = (RedisResult[])(await scripts.RunAsync("sweep", IntervalMs, RedisJobQueue.Ms(_options.OutageAfter), RedisJobQueue.Ms(_options.LeaseDuration), _more ? 1 : 0))!;
        if ((int)sweep[0] == 0)
        {
            return _more = false;
        }

        instruments.Depth((long)sweep[1], (long)sweep[2]);

        // Leases first: what they return may have waited too long already, which "expire" sees.
        var reaped = (RedisResult[])(await scripts.RunAsync("reap", Limits.InfrastructureLossesMax, RedisJobQueue.Ms(_options.OutageAfter)))!;
        if ((int)reaped[1] > 0)
        {
            instruments.LeasesLost((int)reaped[1], (int)reaped[2]);
        }

        // All in one round trip; Redis runs them one after the other.
        var audit = scripts.RunAsync("audit");
        var answers = await Task.WhenAll(
            scripts.RunAsync("expand", ""),
            scripts.RunAsync("lapse"),
            scripts.RunAsync("condemn"),
            scripts.RunAsync("promote"),
            scripts.RunAsync("expire"),
            scripts.RunAsync("cancel_run", "", ""), // behind what may have had runs cancelled
            scripts.RunAsync("rewake"),
            scripts.RunAsync("forget", RedisJobQueue.Ms(_options.Retention)),
            scripts.RunAsync("forget_tests", RedisJobQueue.Ms(_options.HistoryRetention)));
        if ((int)await audit is > 0 and var repairs)
        {
            instruments.Repaired(repairs);
        }

        return _more = (int)reaped[0] == 1 || answers.Any(answer => (int)answer == 1);
    }
}
