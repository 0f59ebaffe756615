using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Contracts.Json;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Telemetry;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// The agent's side: arguments in, replies out, rules in the scripts. While Redis is away every call throws
/// <see cref="RedisConnectionException"/> or <see cref="TimeoutException"/>; repeating a call is always safe.
/// </summary>
internal sealed partial class RedisAgentQueue(QueueScripts scripts, FinishCalls finishCalls, RequirementClasses classes, QueueHints hints, SchedulingInstruments instruments, IOptions<SchedulingOptions> options, TimeProvider time) : IAgentQueue
{
    // A class may be added between a declaration and the claim behind it; an agent that loses this race that often looks again later.
    private const int DeclarationsMax = 4;
    private readonly SchedulingOptions _options = options.Value;

    /// <inheritdoc/>
    public async Task<ClaimResult> ClaimAsync(string deviceId, long epoch, CancellationToken cancellationToken)
    {
        for (var declarations = 0; declarations <= DeclarationsMax; declarations++)
        {
            var reply = (RedisResult[])(await scripts.RunAsync(
                "claim", deviceId, epoch, Ids.NewBatch(time), LeaseMs, RedisJobQueue.Ms(_options.BatchWork), RedisJobQueue.Ms(_options.AgingPerLevel)))!;
            switch ((string)reply[0]!)
            {
                case "fenced":
                    return new ClaimResult.Fenced();
                case "empty":
                    return new ClaimResult.Empty();
                case "classes":
                    await classes.DeclareAsync(deviceId);
                    continue;
                case var status:
                    return new ClaimResult.Claimed(ReadBatch(reply.AsSpan(1), isNew: status == "claimed"));
            }
        }

        return new ClaimResult.Empty();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BeatReply>> HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        var devices = heartbeat.Devices.Select(beat => new BeatArgument(
            beat.DeviceId, Text(beat.Epoch), beat.InstalledDigest ?? "", [.. beat.HeldTokens.Select(held => (string[])[held.Key, Text(held.Value)])])).ToList();
        var reply = (RedisResult[])(await scripts.RunAsync(
            "heartbeat", heartbeat.AgentId, LeaseMs, RedisJobQueue.Ms(_options.AgingPerLevel), JsonSerializer.Serialize(devices, QueueJson.Default.ListBeatArgument)))!;
        return [.. reply.Select(entry =>
        {
            var parts = (RedisResult[])entry!;
            var fenced = (int)parts[1] == 1;
            return new BeatReply
            {
                DeviceId = (string)parts[0]!,
                Fenced = fenced,
                LeaseDuration = fenced ? TimeSpan.Zero : _options.LeaseDuration,
                Yield = (int)parts[2] == 1,
                CancelJobIds = (string[])parts[3]!,
                LostJobIds = (string[])parts[4]!,
            };
        })];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WriteStatus>> SetPhaseAsync(IReadOnlyList<JobHandle> jobs, JobPhase phase, CancellationToken cancellationToken) =>
        Statuses(await scripts.RunAsync("phase", [phase.ToString().ToLowerInvariant(), .. Arguments(jobs)]));

    /// <inheritdoc/>
    public async Task<WriteStatus> ShowTestsAsync(JobHandle job, TestProgress progress, CancellationToken cancellationToken) =>
        Status((string)(await scripts.RunAsync("show_tests", [.. Arguments([job]), JsonSerializer.Serialize(progress, ContractsJson.Default.TestProgress)]))!);

    /// <inheritdoc/>
    public async Task<WriteStatus> FinishAsync(JobReport report, CancellationToken cancellationToken)
    {
        var reply = await finishCalls.FinishAsync(report);
        if (reply.Split(' ', 3) is not ["done", var status, var needs])
        {
            return Status(reply);
        }

        instruments.Finished(report, status, RequirementClass.Parse(needs).Target);
        return WriteStatus.Done;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WriteStatus>> ReleaseAsync(IReadOnlyList<JobHandle> jobs, CancellationToken cancellationToken) =>
        Statuses(await scripts.RunAsync("release", [.. Arguments(jobs)]));

    /// <inheritdoc/>
    public Task<IAsyncDisposable> WatchAsync(string agentId, Action<AgentHint> onHint, CancellationToken cancellationToken) =>
        hints.SubscribeAsync(scripts.Keys.Wake(agentId), message =>
        {
            // "claim dev_01…" or "beat dev_01…"
            if (message.Split(' ') is [var kind, var device])
            {
                onHint(new AgentHint(device, kind == "beat" ? AgentHintKind.Beat : AgentHintKind.Claim));
            }
        });

    private long LeaseMs => RedisJobQueue.Ms(_options.LeaseDuration);

    // ["bat_01…", org, app, project or null, reset, bundle or null, app digest or null, and of each job: job, run, file, token, attempt, timeout_ms, trace or null, waited_ms]
    private Batch ReadBatch(ReadOnlySpan<RedisResult> reply, bool isNew)
    {
        var jobs = new List<ClaimedJob>((reply.Length - 7) / 8);
        for (var rest = reply[7..]; rest.Length > 0; rest = rest[8..])
        {
            var parts = rest[..8];
            jobs.Add(new ClaimedJob(
                (string)parts[0]!, (string)parts[1]!, (string)parts[2]!, (long)parts[3], (int)parts[4], TimeSpan.FromMilliseconds((long)parts[5]), (string?)parts[6]));
            if (isNew)
            {
                instruments.Claimed(TimeSpan.FromMilliseconds((long)parts[7]));
            }
        }

        return new Batch
        {
            BatchId = (string)reply[0]!,
            OrgId = (string)reply[1]!,
            AppVersionId = (string)reply[2]!,
            Project = (string?)reply[3],
            Reset = (string)reply[4]!,
            Bundle = (string?)reply[5],
            AppDigest = (string?)reply[6],
            Jobs = jobs,
            LeaseDuration = _options.LeaseDuration,
        };
    }

    private static IEnumerable<RedisValue> Arguments(IEnumerable<JobHandle> jobs) =>
        jobs.SelectMany(job => (RedisValue[])[job.JobId, job.Token, job.DeviceId, job.Epoch]);

    private static IReadOnlyList<WriteStatus> Statuses(RedisResult reply) => [.. ((string[])reply!).Select(Status)];

    private static WriteStatus Status(string text) => text switch
    {
        "done" => WriteStatus.Done,
        "duplicate" => WriteStatus.Duplicate,
        "stale" => WriteStatus.Stale,
        _ => throw new InvalidOperationException($"A script answered '{text}'."),
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
