using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;

namespace QualGent.Scheduling;

/// <summary>
/// Sweeps the queue for as long as the process lives. Every API instance and agent does; the guard in Redis lets one through.
/// It also checks the data's version before the first sweep. While Redis is away or full it keeps trying; any other error stops the host.
/// </summary>
internal sealed partial class QueueUpkeep(IQueueUpkeep upkeep, QueueScripts scripts, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<QueueUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private bool _schemaChecked;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                if (!_schemaChecked)
                {
                    await RedisSchema.EnsureAsync(scripts.Database, scripts.Keys);
                    _schemaChecked = true;
                }

                more = await upkeep.SweepAsync(stoppingToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (QueueLayoutException e)
            {
                // No error of the program: who reads the log needs the sentence and no stack trace.
                LogOtherLayout(logger, e.Message);
                Environment.ExitCode = 1;
                lifetime.ApplicationStarted.Register(lifetime.StopApplication); // In the middle of its start a host cannot be stopped in order.
                return;
            }
            catch (Exception e) when (RedisTrouble.Passes(e))
            {
                failures++;
                LogAway(logger, e, failures);
            }

            if (!more)
            {
                try
                {
                    await Task.Delay(Pause(failures, Random.Shared.NextDouble()), time, stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Half to one and a half periods, doubled per failure in a row, at most <see cref="s_longestPause"/>.</summary>
    internal static TimeSpan Pause(int failures, double random)
    {
        var pause = s_period * Math.Pow(2, Math.Min(failures, 10));
        return (pause < s_longestPause ? pause : s_longestPause) * (0.5 + random);
    }

    [LoggerMessage(2101, LogLevel.Warning, "Redis does not answer or takes no writes; the queue is not swept (failure {Failures} in a row).")]
    private static partial void LogAway(ILogger logger, Exception e, int failures);

    [LoggerMessage(2102, LogLevel.Critical, "{Refusal}")]
    private static partial void LogOtherLayout(ILogger logger, string refusal);
}
