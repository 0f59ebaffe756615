using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Devices;
using QualGent.Worker.Journal;
using QualGent.Worker.Telemetry;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>
/// A batch on its way through a device: what the runner says about its jobs goes out in order, without holding the runner
/// up; what the queue and the lease ask of it comes in as two tokens, a polite and a firm one.
/// </summary>
public sealed class BatchRun : IAsyncDisposable
{
    private static readonly TimeSpan s_marginMax = TimeSpan.FromSeconds(5);
    private readonly ReportSender _sender;
    private readonly IAgentQueue _queue;
    private readonly long _epoch;
    private readonly TimeProvider _time;
    private readonly CancellationToken _abandon;
    private readonly ConcurrentDictionary<string, HeldJob> _held = new(StringComparer.Ordinal);
    private readonly Channel<Func<Task>> _writes = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _yield = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Activity? _activity;
    private readonly Task _writer;
    private readonly ITimer _leaseEnd;

    /// <summary>Starts the batch's clock and its writer.</summary>
    /// <param name="batch">What was claimed.</param>
    /// <param name="slot">The device.</param>
    /// <param name="epoch">Its epoch when the batch was claimed: reports never carry a later one.</param>
    /// <param name="claimedAt">Timestamp taken before the claim was sent.</param>
    /// <param name="sender">Delivers reports.</param>
    /// <param name="queue">Takes everything else.</param>
    /// <param name="time">The clock.</param>
    /// <param name="abandon">Ends undelivered writes when the agent stops; the journal keeps the reports.</param>
    public BatchRun(Batch batch, DeviceSlot slot, long epoch, long claimedAt, ReportSender sender, IAgentQueue queue, TimeProvider time, CancellationToken abandon)
    {
        (Batch, Slot, _epoch, _sender, _queue, _time, _abandon) = (batch, slot, epoch, sender, queue, time, abandon);
        foreach (var job in batch.Jobs)
        {
            _held[job.JobId] = new HeldJob(job);
        }

        _activity = WorkerTelemetry.StartBatch(batch, slot.Profile);
        _leaseEnd = time.CreateTimer(_ => Stop(StopReasons.Lease), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Renew(claimedAt, batch.LeaseDuration);
        _writer = WriteAsync();
    }

    /// <summary>The lease was renewed: its new end.</summary>
    public event Action<long>? Renewed;

    /// <summary>What was claimed.</summary>
    public Batch Batch { get; }

    /// <summary>The device.</summary>
    public DeviceSlot Slot { get; }

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

    /// <summary>Shows what jobs that have not begun are waiting for.</summary>
    public void ShowPhase(JobPhase phase)
    {
        var waiting = _held.Values.Where(held => held.State == HeldState.Waiting).Select(held => Handle(held.Job)).ToList();
        if (waiting.Count > 0)
        {
            Enqueue(() => _sender.InsistAsync(() => _queue.SetPhaseAsync(waiting, phase, _abandon), _abandon));
        }
    }

    /// <summary>The job's file begins: from now on its loss is charged.</summary>
    public void Begin(ClaimedJob job)
    {
        if (!_held.TryGetValue(job.JobId, out var held) || held.State != HeldState.Waiting)
        {
            return;
        }

        held.State = HeldState.Begun;
        held.Activity = WorkerTelemetry.StartFile(job, _activity);
        Enqueue(async () =>
        {
            var status = await _sender.InsistAsync(() => _queue.SetPhaseAsync([Handle(job)], JobPhase.Testing, _abandon), _abandon);
            if (status is [WriteStatus.Stale])
            {
                Lose(job.JobId);
            }
        });
    }

    /// <summary>Returns when the verdict is safe on disk; it reaches the queue in its turn.</summary>
    public async Task ReportAsync(ClaimedJob job, FileVerdict verdict)
    {
        if (!_held.TryGetValue(job.JobId, out var held) || held.State == HeldState.Answered)
        {
            return;
        }

        held.State = HeldState.Answered;
        WorkerTelemetry.EndFile(held.Activity, verdict);
        var report = new JobReport
        {
            Job = Handle(job),
            Outcome = verdict.Outcome,
            Code = verdict.Code,
            Message = verdict.Message is { Length: > Limits.MessageLength } longer ? longer[..(Limits.MessageLength - 1)] + "…" : verdict.Message,
            Duration = verdict.Duration,
            Tests = verdict.Tests,
            Installed = verdict.Installed,
        };
        await _sender.KeepAsync(report);
        Enqueue(async () =>
        {
            await _sender.DeliverAsync(report, _abandon);
            _held.TryRemove(job.JobId, out _);
        });
    }

    /// <summary>The lease now ends this long after that timestamp.</summary>
    public void Renew(long sentAt, TimeSpan leaseDuration)
    {
        var margin = leaseDuration / 4 < s_marginMax ? leaseDuration / 4 : s_marginMax;
        EndBefore = sentAt + (long)((leaseDuration - margin).TotalSeconds * _time.TimestampFrequency);
        var left = _time.GetElapsedTime(_time.GetTimestamp(), EndBefore);
        _leaseEnd.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Renewed?.Invoke(EndBefore);
    }

    /// <summary>Asks for the end at the next file boundary.</summary>
    public void Yield() => _yield.Cancel();

    /// <summary>Asks for the end now; the first reason stands.</summary>
    public void Stop(string reason)
    {
        lock (_stop)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            StopReason = reason;
        }

        _stop.Cancel();
    }

    /// <summary>
    /// Somebody cancelled a job. One that runs, or waits where nothing has begun, ends the batch now; one that waits behind
    /// a running file ends it after that file, which then keeps its verdict.
    /// </summary>
    public void Cancel(string jobId)
    {
        if (!_held.TryGetValue(jobId, out var job) || job.State == HeldState.Answered)
        {
            return;
        }

        if (job.State == HeldState.Begun || !_held.Values.Any(held => held.State == HeldState.Begun))
        {
            Stop(StopReasons.Cancelled);
        }
        else
        {
            Yield();
        }
    }

    /// <summary>The queue says that this job is not held: whoever holds it now reports. One that has been answered is merely late news.</summary>
    public void Lose(string jobId)
    {
        if (_held.TryGetValue(jobId, out var held) && held.State != HeldState.Answered)
        {
            Stop(StopReasons.Lease);
        }
    }

    /// <summary>Gives back what has not begun, reports what was interrupted as lost, and waits until everything is written.</summary>
    public async Task CompleteAsync()
    {
        foreach (var held in _held.Values.Where(held => held.State == HeldState.Begun))
        {
            await ReportAsync(held.Job, new FileVerdict(JobOutcome.Lost, VerdictCodes.Infrastructure, StopReasons.Explain(StopReason)));
        }

        var waiting = _held.Values.Where(held => held.State == HeldState.Waiting).ToList();
        if (waiting.Count > 0)
        {
            Enqueue(async () =>
            {
                await _sender.InsistAsync(() => _queue.ReleaseAsync([.. waiting.Select(held => Handle(held.Job))], _abandon), _abandon);
                waiting.ForEach(held => _held.TryRemove(held.Job.JobId, out _));
            });
        }

        _writes.Writer.TryComplete();
        await _writer;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _leaseEnd.DisposeAsync();
        _activity?.Dispose();
        // The two token sources hold nothing; a heartbeat's answer that comes late may still cancel them.
    }

    private JobHandle Handle(ClaimedJob job) => new(job.JobId, job.Token, Slot.Profile.DeviceId, _epoch);

    private void Enqueue(Func<Task> write) => _writes.Writer.TryWrite(write);

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var write in _writes.Reader.ReadAllAsync(_abandon))
            {
                await write();
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // The agent stops while the store is away: the journal delivers in its next life.
        }
    }

    private enum HeldState
    {
        Waiting = 0,
        Begun = 1,
        Answered = 2,
    }

    private sealed class HeldJob(ClaimedJob job)
    {
        public ClaimedJob Job { get; } = job;
        public HeldState State { get; set; }
        public Activity? Activity { get; set; }
    }
}
