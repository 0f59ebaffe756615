using System.Collections.Concurrent;
using System.Diagnostics;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Artifacts;
using QualGent.Worker.Devices;
using QualGent.Worker.Journal;
using QualGent.Worker.Logs;
using QualGent.Worker.Results;
using QualGent.Worker.Telemetry;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>
/// A batch on its way through a device: what the runner says about its jobs goes out in order, without holding the runner
/// up; what the queue and the lease ask of it comes in as two tokens, a polite and a firm one.
/// </summary>
public sealed partial class BatchRun : IAsyncDisposable
{
    private static readonly TimeSpan s_marginMax = TimeSpan.FromSeconds(5);
    private readonly ReportSender _sender;
    private readonly IAgentQueue _queue;
    private readonly long _epoch;
    private readonly long _claimedAt;
    private readonly TimeProvider _time;
    private readonly CancellationToken _abandon;
    private readonly ConcurrentDictionary<string, HeldJob> _held = new(StringComparer.Ordinal);
    private readonly WritesInOrder _writes;
    private readonly CancellationTokenSource _yield = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Activity? _activity;
    private readonly ITimer _leaseEnd;

    /// <summary>Starts the batch's clock and its writer.</summary>
    /// <param name="batch">What was claimed.</param>
    /// <param name="slot">The device.</param>
    /// <param name="epoch">Its epoch when the batch was claimed: reports never carry a later one.</param>
    /// <param name="claimedAt">Timestamp taken before the claim was sent.</param>
    /// <param name="sender">Delivers reports.</param>
    /// <param name="queue">Takes everything else.</param>
    /// <param name="logs">Takes what its tests print.</param>
    /// <param name="artifacts">Takes what its tests leave behind.</param>
    /// <param name="time">The clock.</param>
    /// <param name="abandon">Ends undelivered writes when the agent stops; the journal keeps the reports.</param>
    public BatchRun(Batch batch, DeviceSlot slot, long epoch, long claimedAt, ReportSender sender, IAgentQueue queue, BatchLogs logs, BatchArtifacts artifacts, TimeProvider time, CancellationToken abandon)
    {
        (Batch, Slot, _epoch, _sender, _queue, Logs, Artifacts, _time, _abandon) = (batch, slot, epoch, sender, queue, logs, artifacts, time, abandon);
        foreach (var job in batch.Jobs)
        {
            _held[job.JobId] = new HeldJob(job);
        }

        _activity = WorkerTelemetry.StartBatch(batch, slot.Profile);
        _leaseEnd = time.CreateTimer(_ => EndLease(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _claimedAt = claimedAt;
        _live = new LiveTests(queue, logs.Mask, time);
        Renew(claimedAt, batch.LeaseDuration);
        _writes = new WritesInOrder(() => HostFailed = true, abandon);
    }

    /// <summary>The lease was renewed: its new end.</summary>
    public event Action<long>? Renewed;

    /// <summary>What was claimed.</summary>
    public Batch Batch { get; }

    /// <summary>The device.</summary>
    public DeviceSlot Slot { get; }

    /// <summary>Takes what its tests print.</summary>
    public BatchLogs Logs { get; }

    /// <summary>Takes what its tests leave behind.</summary>
    public BatchArtifacts Artifacts { get; }

    /// <summary>End the batch at the next file boundary.</summary>
    public CancellationToken YieldAsked => _yield.Token;

    /// <summary>End the batch now.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Why <see cref="Stopping"/>; one of <see cref="StopReasons"/>.</summary>
    public string? StopReason { get; private set; }

    /// <summary>The batch ended early because of this host, not because of its tests: the device takes a rest before it claims again.</summary>
    public bool HostFailed { get; set; }

    /// <summary>Timestamp at which the batch must be over: some seconds before the lease ends.</summary>
    public long EndBefore { get; private set; }

    /// <summary>Trace parent for processes that the batch starts.</summary>
    public string? TraceParent => _activity?.Id;

    /// <summary>Jobs nobody has answered for yet, with their tokens.</summary>
    public IReadOnlyDictionary<string, long> HeldTokens => _held.ToDictionary(held => held.Key, held => held.Value.Job.Token, StringComparer.Ordinal);

    /// <summary>Whether a file has begun that nobody has answered for.</summary>
    public bool HasBegun => _held.Values.Any(held => held.State is HeldState.Begun or HeldState.SetBack);

    /// <summary>Shows what jobs that have not begun are waiting for.</summary>
    public void ShowPhase(JobPhase phase)
    {
        var waiting = _held.Values.Where(held => held.State == HeldState.Waiting).Select(held => Handle(held.Job)).ToList();
        if (waiting.Count > 0)
        {
            _writes.Enqueue(() => _sender.InsistAsync(() => _queue.SetPhaseAsync(waiting, phase, _abandon), _abandon));
        }
    }

    /// <summary>The job's file begins: from now on its loss is charged.</summary>
    /// <param name="job">The job.</param>
    /// <param name="round">Round of AppWright, from 1; 0 when nothing of it runs.</param>
    public void Begin(ClaimedJob job, int round = 0)
    {
        if (!_held.TryGetValue(job.JobId, out var held) || held.State is HeldState.Begun or HeldState.Answered)
        {
            return;
        }

        held.State = HeldState.Begun;
        (held.BegunAt, held.EndedAt) = (_time.GetTimestamp(), null);
        Logs.Begin(job, Handle(job));
        Artifacts.Begin(job, round);
        held.Activity = WorkerTelemetry.StartFile(job, _activity);
        _writes.Enqueue(async () =>
        {
            var status = await _sender.InsistAsync(() => _queue.SetPhaseAsync([Handle(job)], JobPhase.Testing, _abandon), _abandon);
            if (status is [WriteStatus.Stale])
            {
                Lose(job.JobId);
            }
        });
    }

    /// <summary>The job's file has begun but is not judged: it waits for another round, and nothing it did so far counts.</summary>
    public void SetBack(ClaimedJob job)
    {
        if (_held.TryGetValue(job.JobId, out var held) && held.State == HeldState.Begun)
        {
            held.State = HeldState.SetBack;
            Artifacts.SetBack(job);
            held.Activity?.Dispose();
        }
    }

    /// <summary>Returns when the verdict is safe on disk; it reaches the queue in its turn.</summary>
    public async Task ReportAsync(ClaimedJob job, FileVerdict verdict)
    {
        if (!_held.TryGetValue(job.JobId, out var held) || held.State == HeldState.Answered)
        {
            return;
        }

        held.State = HeldState.Answered;
        Logs.Answer(job, Handle(job));
        WorkerTelemetry.EndFile(held.Activity, verdict);
        var report = new JobReport
        {
            Job = Handle(job),
            Outcome = verdict.Outcome,
            Code = verdict.Code,
            Message = Logs.Mask(verdict.Message ?? "") is { Length: > 0 } message ? Cut(message) : null,
            Duration = verdict.Duration,
            Tests = verdict.Tests,
            Installed = verdict.Installed,
            Charge = StopReason == StopReasons.Outage ? LossCharge.Never : verdict.Charge,
            Details = verdict.Outcome == JobOutcome.RunAlone ? null : Details(held, verdict),
        };
        var artifacts = report.Details is null ? null : await Artifacts.KeepAsync(job, Handle(job));
        await _sender.KeepAsync(report);
        _writes.Enqueue(async () =>
        {
            if (artifacts is not null)
            {
                await Artifacts.OfferAsync(artifacts, _abandon);
            }

            await _sender.DeliverAsync(report, _abandon);
            _held.TryRemove(job.JobId, out _);
        });
    }

    /// <summary>Gives back what has not begun, reports what was interrupted as lost, and waits until everything is written.</summary>
    public async Task CompleteAsync()
    {
        foreach (var held in _held.Values.Where(held => held.State == HeldState.Begun))
        {
            await ReportAsync(held.Job, new FileVerdict(JobOutcome.Lost, VerdictCodes.Infrastructure, StopReasons.Explain(StopReason)) { Cases = held.Cases });
        }

        foreach (var held in _held.Values.Where(held => held.State == HeldState.SetBack))
        {
            await ReportAsync(held.Job, GiveBack());
        }

        var waiting = _held.Values.Where(held => held.State == HeldState.Waiting).ToList();
        if (waiting.Count > 0)
        {
            _writes.Enqueue(async () =>
            {
                await _sender.InsistAsync(() => _queue.ReleaseAsync([.. waiting.Select(held => Handle(held.Job))], _abandon), _abandon);
                waiting.ForEach(held => _held.TryRemove(held.Job.JobId, out _));
            });
        }

        await Task.WhenAll(_writes.CompleteAsync(), Logs.DisposeAsync().AsTask(), _live.DisposeAsync().AsTask());
        await Artifacts.CompleteAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leaseEnd.DisposeAsync();
        _activity?.Dispose();
        // The two token sources hold nothing; a heartbeat's answer that comes late may still cancel them.
    }

    // A job that had the whole batch for itself has run alone already; more than that cannot be asked for it.
    private FileVerdict GiveBack() => Batch.Jobs.Count > 1
        ? new FileVerdict(JobOutcome.RunAlone, VerdictCodes.Infrastructure, "The batch ended before the file could run alone.")
        : new FileVerdict(JobOutcome.Lost, VerdictCodes.Infrastructure, "The batch ended before the file could run again.") { Charge = LossCharge.Never };

    private static string Cut(string message) => message.Length <= Limits.MessageLength ? message : message[..(Limits.MessageLength - 1)] + "…";

    private JobHandle Handle(ClaimedJob job) => new(job.JobId, job.Token, Slot.Profile.DeviceId, _epoch);
}
