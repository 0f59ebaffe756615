using QualGent.Contracts;
using QualGent.Scheduling;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Simulation.Model;

/// <summary>
/// What the queue should be, in plain dictionaries. It does not choose; it says how a call must be answered, whether a choice was
/// allowed, and what follows from it.
/// </summary>
internal sealed class QueueModel(SchedulingOptions options)
{
    private const int InstallDevices = 3;
    private readonly Dictionary<string, ModelGroup> _groups = new(StringComparer.Ordinal);
    private long _lastSweepMs;
    private long _graceMs;

    public Dictionary<string, RunSubmission> Runs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelJob> Jobs { get; } = new(StringComparer.Ordinal);

    /// <summary>The jobs of all runs; <see cref="Jobs"/> has those among them that do their own work.</summary>
    public Dictionary<string, ModelPart> Parts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelDevice> Devices { get; } = new(StringComparer.Ordinal);

    /// <summary>Jobs a device holds.</summary>
    public IEnumerable<ModelJob> Held(string device) => Jobs.Values.Where(job => job.Status == JobStatus.Running && job.Device == device);

    public ModelGroup Group(string name) => _groups.TryGetValue(name, out var group) ? group : _groups[name] = new ModelGroup();

    /// <summary>Whether a write about the job counts: right token, right device, and its epoch stands.</summary>
    public bool Holds(JobHandle handle) => Jobs.TryGetValue(handle.JobId, out var job) && job.Status == JobStatus.Running
        && job.Token == handle.Token && job.Device == handle.DeviceId && IsOwned(handle.DeviceId, handle.Epoch);

    /// <summary>Whether an agent that knows this epoch still owns the device.</summary>
    public bool IsOwned(string device, long epoch) => Devices.TryGetValue(device, out var known) && known.Online && known.Epoch == epoch;

    public void Accept(string runId, IReadOnlyList<string> jobIds, RunSubmission run, long nowMs)
    {
        Runs[runId] = run;
        var lane = new Lane(run);
        var dueMs = Math.Max(nowMs, run.NotBefore?.ToUnixTimeMilliseconds() ?? 0);
        var score = dueMs + ((Limits.PriorityMax - run.Priority) * options.AgingPerLevel.TotalMilliseconds);
        foreach (var (index, (id, file)) in jobIds.Zip(run.Tests).Index())
        {
            var place = score + (index / 2048.0);
            var kind = run.Dedup ? $"{lane.Text}\n{run.AttemptsMax}\n{run.Timeout}\n{run.QueueTimeout}\n{file}" : null;
            var job = kind is null ? null : Jobs.Values.FirstOrDefault(other => other.Kind == kind && other.IsInFlight);
            job ??= Jobs[id] = new ModelJob
            {
                Id = id,
                RunId = runId,
                Lane = lane.Text,
                Group = lane.Group,
                File = file,
                AttemptsMax = run.AttemptsMax,
                QueueTimeoutMs = (long)run.QueueTimeout.TotalMilliseconds,
                CreatedMs = nowMs,
                NotBeforeMs = dueMs,
                Kind = kind,
                OwnScore = place,
                Score = place,
            };
            job.Score = Math.Min(job.Score, place);
            job.Parts.Add(Parts[id] = new ModelPart { Id = id, RunId = runId, Job = job, WantedMs = dueMs });
        }
    }

    /// <summary>Cancels a run's job, or only its part in what others wait for, too.</summary>
    public static void Cancel(ModelPart part) => part.Leave(JobStatus.Cancelled, job =>
    {
        if (job.Status == JobStatus.Queued)
        {
            job.End(JobStatus.Cancelled, VerdictCodes.Cancelled);
        }
        else
        {
            job.Cancel = true;
        }
    });

    public void Beat(string device, long nowMs) => Devices[device].LeaseEndMs = nowMs + (long)options.LeaseDuration.TotalMilliseconds;

    public WriteStatus Begin(JobHandle handle)
    {
        if (!Holds(handle))
        {
            return WriteStatus.Stale;
        }

        var job = Jobs[handle.JobId];
        (var begun, job.Begun) = (job.Begun, true);
        return begun ? WriteStatus.Duplicate : WriteStatus.Done;
    }

    public WriteStatus Release(JobHandle handle)
    {
        if (Jobs[handle.JobId].Reported == handle.Token)
        {
            return WriteStatus.Duplicate;
        }

        if (!Holds(handle) || Jobs[handle.JobId].Begun)
        {
            return WriteStatus.Stale;
        }

        Jobs[handle.JobId].Reported = handle.Token;
        Requeue(Jobs[handle.JobId]);
        return WriteStatus.Done;
    }

    /// <param name="report">What is reported.</param>
    /// <param name="couldServe">How many devices serve the job's class.</param>
    /// <param name="nowMs">The time.</param>
    public WriteStatus Finish(JobReport report, int couldServe, long nowMs)
    {
        var job = Jobs[report.Job.JobId];
        if (job.Reported == report.Job.Token)
        {
            return WriteStatus.Duplicate;
        }

        if (!Holds(report.Job))
        {
            return WriteStatus.Stale;
        }

        job.Reported = report.Job.Token;
        var (outcome, code) = report.Outcome == JobOutcome.RunAlone && job.Alone ? (JobOutcome.Errored, VerdictCodes.RunnerError) : (report.Outcome, report.Code);
        if (job.Cancel && outcome is not (JobOutcome.Passed or JobOutcome.Failed))
        {
            job.End(JobStatus.Cancelled, VerdictCodes.Cancelled);
            return WriteStatus.Done;
        }

        switch (outcome)
        {
            case JobOutcome.Passed or JobOutcome.Failed or JobOutcome.Errored:
                Judge(job, outcome, report.Outcome == outcome ? code : null, code, nowMs);
                break;
            case JobOutcome.Lost:
                Lose(job, nowMs, report.Charge);
                break;
            case JobOutcome.RunAlone:
                job.Alone = true;
                Requeue(job);
                break;
            case JobOutcome.InstallFailed:
                InstallFailed(job, couldServe, nowMs);
                break;
        }

        return WriteStatus.Done;
    }

    /// <summary>An agent announces itself; the devices it does not get, with their owners.</summary>
    public IReadOnlyDictionary<string, string> Register(string agent, IReadOnlyCollection<string> devices, bool keepsOthers, long nowMs)
    {
        foreach (var (id, _) in Devices.Where(device => device.Value.Agent == agent && !keepsOthers && !devices.Contains(device.Key)).ToList())
        {
            TakeBack(id, nowMs);
        }

        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in devices)
        {
            if (Devices.TryGetValue(id, out var known) && known.Agent != agent && known.Online && (known.LeaseEndMs > nowMs || LeasesStand(nowMs)))
            {
                refused[id] = known.Agent;
                continue;
            }

            TakeBack(id, nowMs);
            Devices[id] = new ModelDevice { Agent = agent, Online = true, Epoch = known?.Epoch ?? 0 };
            Beat(id, nowMs);
        }

        return refused;
    }

    public void Unregister(string agent, long nowMs)
    {
        foreach (var (id, _) in Devices.Where(device => device.Value.Agent == agent).ToList())
        {
            TakeBack(id, nowMs);
        }
    }

    public void Sweep(long nowMs)
    {
        if (_lastSweepMs <= nowMs && nowMs - _lastSweepMs < 200)
        {
            return;
        }

        if (IsOutage(nowMs))
        {
            _graceMs = nowMs + (long)options.LeaseDuration.TotalMilliseconds;
        }

        _lastSweepMs = nowMs;
        foreach (var (id, _) in Devices.Where(device => device.Value.LeaseEndMs < nowMs && _graceMs <= nowMs).ToList())
        {
            TakeBack(id, nowMs);
        }

        foreach (var part in Parts.Values.Where(part => part.Status == JobStatus.Queued && part.DeadlineMs <= nowMs))
        {
            part.Leave(JobStatus.Errored, job => job.End(JobStatus.Errored, VerdictCodes.QueueTimeout));
        }
    }

    private bool IsOutage(long nowMs) => _lastSweepMs > 0 && nowMs - _lastSweepMs > options.OutageAfter.TotalMilliseconds;

    private bool LeasesStand(long nowMs) => IsOutage(nowMs) || _graceMs > nowMs;

    private void TakeBack(string device, long nowMs)
    {
        foreach (var job in Held(device).ToList())
        {
            Lose(job, nowMs, LossCharge.WhenBegun);
        }

        if (Devices.TryGetValue(device, out var known))
        {
            known.Online = false;
        }
    }

    private void Judge(ModelJob job, JobOutcome outcome, string? reported, string? code, long nowMs)
    {
        job.Attempts++;
        Group(job.Group).FailedOn.Clear();
        if (outcome == JobOutcome.Passed)
        {
            job.End(JobStatus.Passed, null);
        }
        else if (reported is not null && VerdictCodes.Retried(reported) && job.Attempts < job.AttemptsMax && !job.Cancel)
        {
            job.ChargedMs = nowMs;
            Requeue(job);
        }
        else
        {
            job.End(outcome == JobOutcome.Failed ? JobStatus.Failed : JobStatus.Errored, code);
        }
    }

    private void InstallFailed(ModelJob job, int couldServe, long nowMs)
    {
        var group = Group(job.Group);
        if (job.CreatedMs > group.CondemnedMs)
        {
            group.FailedOn.Add(job.Device!);
            if (group.FailedOn.Count < Math.Min(InstallDevices, couldServe))
            {
                Requeue(job);
                return;
            }

            group.FailedOn.Clear();
            group.CondemnedMs = nowMs;
        }

        job.End(JobStatus.Errored, VerdictCodes.InstallFailed);
    }

    private static void Lose(ModelJob job, long nowMs, LossCharge charge)
    {
        if (charge == LossCharge.Always || (charge == LossCharge.WhenBegun && job.Begun))
        {
            job.Losses++;
            job.Alone = true;
            job.ChargedMs = nowMs;
            if (job.Losses > Limits.InfrastructureLossesMax && !job.Cancel)
            {
                job.End(JobStatus.Errored, VerdictCodes.Infrastructure);
                return;
            }
        }

        Requeue(job);
    }

    private static void Requeue(ModelJob job)
    {
        if (job.Cancel)
        {
            job.End(JobStatus.Cancelled, VerdictCodes.Cancelled);
        }
        else
        {
            (job.Status, job.Begun) = (JobStatus.Queued, false);
        }
    }
}
