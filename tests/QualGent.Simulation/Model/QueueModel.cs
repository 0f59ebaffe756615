using QualGent.Contracts;
using QualGent.Scheduling;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Simulation.Model;

/// <summary>
/// What the queue should be, in plain dictionaries. It does not choose; it says how a call must be answered, whether a choice was
/// allowed, and what follows from it.
/// </summary>
internal sealed partial class QueueModel(SchedulingOptions options)
{
    private readonly Dictionary<string, ModelGroup> _groups = new(StringComparer.Ordinal);
    private long _lastSweepMs;
    private long _graceMs;

    /// <summary>Runs, and cells of matrices, that are kept.</summary>
    public HashSet<string> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>What ends together and is not forgotten, by the id of the run or of the matrix.</summary>
    public Dictionary<string, ModelRun> Wholes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelJob> Jobs { get; } = new(StringComparer.Ordinal);

    /// <summary>The jobs of all runs that are not forgotten; <see cref="Jobs"/> has those among them that do their own work, for as long as somebody needs it.</summary>
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

    public ModelRun WholeOf(ModelPart part) => Wholes[Ids.MatrixOf(part.RunId) ?? part.RunId];

    /// <summary>A run or a matrix is accepted; <see cref="Accept"/> follows for the run itself, or for each cell.</summary>
    public void Begin(string id, RunSubmission whole, long nowMs)
    {
        var run = Wholes[id] = new ModelRun { FailFast = whole.FailFast, LimitMs = DueMs(whole, nowMs) + Ms(whole.RunTimeout), LeaseMs = Ms(whole.Lease) };
        run.Renew(nowMs);
    }

    public void Accept(string runId, IReadOnlyList<string> jobIds, RunSubmission run, IReadOnlyCollection<string> quarantined, long nowMs)
    {
        Runs.Add(runId);
        var lane = new Lane(run);
        var dueMs = DueMs(run, nowMs);
        var score = dueMs + ((Limits.PriorityMax - run.Priority) * options.AgingPerLevel.TotalMilliseconds);
        foreach (var (index, (id, file)) in jobIds.Zip(run.Tests).Index())
        {
            var place = score + (index / 2048.0);
            var kind = run.Dedup ? $"{lane.Text}\n{run.AttemptsMax}\n{run.Timeout}\n{run.QueueTimeout}\n{file}" : null;
            // Whoever comes behind a condemnation has the build tried anew.
            var job = kind is null ? null : Jobs.Values.FirstOrDefault(other => other.Kind == kind && other.IsInFlight && other.CreatedMs > Group(other.Group).CondemnedMs);
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
            var part = Parts[id] = new ModelPart { Id = id, RunId = runId, Job = job, WantedMs = dueMs, IsExcluded = quarantined.Contains(file) };
            job.Parts.Add(part);
            WholeOf(part).Parts.Add(part);
        }
    }

    /// <summary>A run or matrix is out of sight. Its jobs are kept as long as others have a part in one.</summary>
    public void Hide(string id)
    {
        Wholes[id].Parts.ForEach(part => Parts.Remove(part.Id));
        Wholes.Remove(id);
    }

    /// <summary>What was known of groups that nobody used for long is forgotten with them.</summary>
    public void ForgetGroups(Predicate<string> isKnown)
    {
        foreach (var group in _groups.Keys.Where(group => !isKnown(group)).ToList())
        {
            _groups.Remove(group);
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

    /// <summary>A sweep begins. What it ends besides leases is read from the store: <see cref="SweepReading"/>.</summary>
    /// <returns>Whether it was let through.</returns>
    public bool Sweep(long nowMs)
    {
        if (_lastSweepMs <= nowMs && nowMs - _lastSweepMs < 200)
        {
            return false;
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

        foreach (var part in Parts.Values)
        {
            part.IsOverdue = part.Status == JobStatus.Queued && part.DeadlineMs <= nowMs;
        }

        foreach (var run in Wholes.Values)
        {
            run.Lapse(nowMs);
        }

        return true;
    }

    private static long DueMs(RunSubmission run, long nowMs) => Math.Max(nowMs, run.NotBefore?.ToUnixTimeMilliseconds() ?? 0);

    private static long? Ms(TimeSpan? span) => (long?)span?.TotalMilliseconds;

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
}
