using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

// A submission on its way in, and what is left to do once it is stored, which sweeps and devices make good if this process dies.
internal sealed partial class RedisJobQueue
{
    private static readonly TimeSpan s_retryAfterFull = TimeSpan.FromSeconds(30);
    private volatile Task<DeviceList>? _deviceReading;

    /// <inheritdoc/>
    public async Task<AcceptResult> AcceptAsync(RunSubmission run, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RedisResult[] reply;
        try
        {
            var id = Ids.NewRun(time);
            reply = run.Cells.Count > 0
                ? await acceptCalls.AcceptMatrixAsync(id, run, await Task.WhenAll(run.Cells.Select(cell => OrderAsync(cell, cancellationToken))), key)
                : await acceptCalls.AcceptAsync(id, run, await OrderAsync(run, cancellationToken), key);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("OOM", StringComparison.Ordinal))
        {
            // maxmemory with noeviction: the script was refused before it wrote anything.
            return new AcceptResult.QueueFull("memory", s_retryAfterFull);
        }

        return (string)reply[0]! switch
        {
            "key_reused" => new AcceptResult.KeyReused(),
            "full" => new AcceptResult.QueueFull((string)reply[1]!, s_retryAfterFull),
            _ when run.Cells.Count > 0 => await AcceptedMatrixAsync(reply, run),
            _ => await AcceptedAsync(reply, run),
        };
    }

    // A job that others may attach to has a seniority of its own, so such runs stay in the order asked.
    private async Task<string> OrderAsync(RunSubmission run, CancellationToken cancellationToken) =>
        run.Tests.Count > 1 && !run.Dedup ? RunOrder.Of(await history.ExpectedAsync(run.OrgId, run.Tests, cancellationToken)) : "";

    // {'accepted', run, jobs, replayed, devices of the class, created_ms, digest, tests in quarantine}
    private async Task<AcceptResult.Accepted> AcceptedAsync(RedisResult[] reply, RunSubmission run)
    {
        var (runId, replayed) = ((string)reply[1]!, (int)reply[3] == 1);
        await BeginAsync(runId, run, replayed);
        var jobIds = JobIds(runId, (int)reply[2]);
        return new AcceptResult.Accepted(runId, jobIds, replayed, At(reply[5]))
        {
            AppDigest = Given(reply[6]),
            Unserved = await IsServedAsync(run.Class, (int)reply[4]) ? [] : [run.Class],
            Quarantined = Given(reply[7])?.Split('\n'),
            Attached = run.Dedup ? await reader.AttachedAsync(jobIds, run.Tests) : [],
        };
    }

    // {'accepted', run, jobs, replayed, created_ms, digest, tests in quarantine, devices of each cell's class…}
    private async Task<AcceptResult.Accepted> AcceptedMatrixAsync(RedisResult[] reply, RunSubmission run)
    {
        var (runId, replayed) = ((string)reply[1]!, (int)reply[3] == 1);
        var jobIds = new List<string>();
        var unserved = new List<RequirementClass>();
        foreach (var (index, cell) in run.Cells.Index())
        {
            await BeginAsync(Ids.Cell(runId, index), cell, replayed);
            jobIds.AddRange(JobIds(Ids.Cell(runId, index), cell.Tests.Count));
            if (!await IsServedAsync(cell.Class, (int)reply[7 + index]))
            {
                unserved.Add(cell.Class);
            }
        }

        return new AcceptResult.Accepted(runId, jobIds, replayed, At(reply[4]))
        {
            AppDigest = Given(reply[5]),
            Unserved = unserved,
            Quarantined = Given(reply[6])?.Split('\n'),
        };
    }

    private async Task BeginAsync(string runId, RunSubmission run, bool replayed)
    {
        if (!replayed)
        {
            instruments.Accepted(run.Class.Target, run.Tests.Count);
        }

        // A repeated submission goes on where the first one was interrupted: what is attached is known only then.
        if (run.Dedup || (!replayed && run.Tests.Count > 200))
        {
            await ExpandAsync(runId);
        }
    }

    private async Task<bool> IsServedAsync(RequirementClass needs, int devices) => devices switch { > 0 => true, < 0 => false, _ => await DeclareForAllAsync(needs) };

    private static IReadOnlyList<string> JobIds(string runId, int count) => [.. Enumerable.Range(0, count).Select(index => Ids.Job(runId, index))];

    private static DateTimeOffset At(RedisResult ms) => DateTimeOffset.FromUnixTimeMilliseconds((long)ms);

    private static string? Given(RedisResult text) => (string?)text is { Length: > 0 } given ? given : null;

    // The run is accepted already; whatever goes wrong here is made good by the next sweep.
    private async Task ExpandAsync(string runId)
    {
        try
        {
            while ((int)await scripts.RunAsync("expand", runId) > 0)
            {
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            instruments.ExpansionLeftToSweep();
        }
    }

    // Nobody has declared a class that was asked for the first time a moment ago: do it for all devices that serve it. The run
    // is accepted already, and a device that is missed here finds out with its next claim.
    private async Task<bool> DeclareForAllAsync(RequirementClass needs)
    {
        try
        {
            // Many submissions at once share one reading.
            var reading = _deviceReading is { IsCompleted: false } underway ? underway : _deviceReading = ListDevicesAsync(CancellationToken.None);
            var devices = (await reading).Devices
                .Where(device => device.State != DeviceState.Offline && needs.IsServedBy(device.Target, device.Platform, device.Labels)).ToList();
            await Task.WhenAll(devices.Select(device => classes.DeclareAsync(device.Id)));
            return devices.Exists(device => device.State is DeviceState.Idle or DeviceState.Busy);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return false;
        }
    }
}
