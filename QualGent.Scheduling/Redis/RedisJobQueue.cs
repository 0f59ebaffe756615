using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Telemetry;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// The submitter's side: arguments in, replies out, rules in the scripts. While Redis is away every call throws
/// <see cref="RedisConnectionException"/> or <see cref="TimeoutException"/>; a call that timed out may have been carried out and can be repeated.
/// </summary>
internal sealed partial class RedisJobQueue(QueueScripts scripts, AcceptCalls acceptCalls, QueueReader reader, ITestHistory history, RequirementClasses classes, QueueHints hints, SchedulingInstruments instruments, TimeProvider time) : IJobQueue
{
    private readonly QueueLists _lists = new(scripts, reader);

    /// <inheritdoc/>
    public Task<JobView?> GetJobAsync(string jobId, CancellationToken cancellationToken) => reader.JobAsync(jobId);

    /// <inheritdoc/>
    public Task<JobPage> ListJobsAsync(JobQuery query, CancellationToken cancellationToken) => _lists.JobsAsync(query);

    /// <inheritdoc/>
    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) => _lists.RunsAsync(query);

    /// <inheritdoc/>
    public async Task<JobView?> CancelJobAsync(string jobId, string? reason, CancellationToken cancellationToken)
    {
        if (await reader.JobAsync(jobId) is null)
        {
            return null;
        }

        while ((int)await scripts.RunAsync("cancel_job", jobId, Cut(reason)) < 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await reader.JobAsync(jobId);
    }

    /// <inheritdoc/>
    public async Task<RunView?> CancelRunAsync(string runId, string? reason, CancellationToken cancellationToken)
    {
        if (!Ids.IsRun(runId))
        {
            return null;
        }

        int more;
        while ((more = (int)await scripts.RunAsync("cancel_run", runId, Cut(reason))) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (more < 0)
        {
            return null;
        }

        // The cells of a matrix are marked by now.
        foreach (var cell in await reader.CellsAsync(runId))
        {
            while ((int)await scripts.RunAsync("cancel_run", cell, Cut(reason)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return await reader.RunAsync(runId);
    }

    /// <inheritdoc/>
    public async Task<bool> RenewRunAsync(string runId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Ids.IsRun(runId) && (int)await scripts.RunAsync("renew", runId) == 1;
    }

    internal static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;

    internal static string Cut(string? text) => text is { Length: > Limits.MessageLength } ? text[..Limits.MessageLength] : text ?? "";
}
