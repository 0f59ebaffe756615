using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Waiting;

namespace QualGent.Scheduling.Redis;

internal sealed partial class RedisJobQueue
{
    /// <inheritdoc/>
    public async Task<RunView?> GetRunAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await reader.RunAsync(runId);
        if (run is not { State: RunState.Open, Cells: null } || await FactsAsync(runId, run.Planned) is not { } facts)
        {
            return run;
        }

        // Whatever of the run is still queued comes before the place of its last job.
        return run with { ExpectedEnd = Finish(facts, run.Counts.Queued > 0 ? WaitEstimate.Start(facts) : (0, facts.EstimateMs), ((long)facts.EstimateMs, (long)(2 * facts.EstimateMs))) };
    }

    /// <inheritdoc/>
    public async Task<JobWait?> WhyAsync(string jobId, CancellationToken cancellationToken)
    {
        if (await reader.JobAsync(jobId) is not { } job || !Ids.TryParseJob(job.WorkId, out var runId, out var index) || await FactsAsync(runId, index) is not { } facts)
        {
            return null;
        }

        var devices = await ServingAsync(job, cancellationToken);
        var takes = await history.ExpectedAsync(job.OrgId, job.TestPath, cancellationToken) ?? ((long)facts.EstimateMs, (long)(2 * facts.EstimateMs));
        var wait = new JobWait { JobId = jobId, Status = job.Status, Devices = devices, Reasons = [] };
        if (job.Status == JobStatus.Queued)
        {
            var start = WaitEstimate.Start(facts);
            return wait with
            {
                Reasons = WaitReasons.Of(job, facts, devices),
                Position = facts.DueMs > facts.NowMs ? null : 1 + facts.Ahead + (facts.Bound > 0 ? 0 : facts.Org.Jobs),
                ExpectedStart = start is { } expected ? new Expectation(At(facts, expected.P50), At(facts, expected.P90)) : null,
                ExpectedFinish = Finish(facts, start, takes),
            };
        }

        if (job.Status == JobStatus.Running)
        {
            // As if it had begun just now, or as long ago as it did; one that is overdue may end at any moment.
            var begun = job.StartedAt is { } at ? Math.Max(-takes.P50, at.ToUnixTimeMilliseconds() - facts.NowMs) : 0;
            return wait with
            {
                Reasons = [new WaitReason(WaitCode.Running, $"Device {job.DeviceId} works on it.")],
                ExpectedFinish = Finish(facts, (begun, 0), takes),
            };
        }

        return wait with { Reasons = [new WaitReason(WaitCode.Ended, "It has its verdict.")] };
    }

    private static Expectation? Finish(WaitFacts facts, (double P50, double P90)? start, (long P50, long P90) takes) => start is { } expected
        ? new Expectation(At(facts, expected.P50 + takes.P50), At(facts, expected.P90 + takes.P90))
        : null;

    private static DateTimeOffset At(WaitFacts facts, double ms) => DateTimeOffset.FromUnixTimeMilliseconds((long)(facts.NowMs + ms));

    private async Task<WaitFacts?> FactsAsync(string runId, int index) =>
        (string?)await scripts.RunAsync("why", runId, index) is { Length: > 0 } json ? JsonSerializer.Deserialize(json, QueueJson.Default.WaitFacts) : null;

    private async Task<ServingDevices> ServingAsync(JobView job, CancellationToken cancellationToken)
    {
        var needs = new RequirementClass(job.Target, job.Platform, job.Labels);
        var states = (await ListDevicesAsync(cancellationToken)).Devices
            .Where(device => needs.IsServedBy(device.Target, device.Platform, device.Labels))
            .Select(device => device.State).ToList();
        int Count(DeviceState state) => states.Count(one => one == state);
        return new ServingDevices(Count(DeviceState.Idle), Count(DeviceState.Busy), Count(DeviceState.Draining), Count(DeviceState.Quarantined));
    }
}
