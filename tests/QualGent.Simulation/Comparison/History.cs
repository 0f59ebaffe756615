namespace QualGent.Simulation.Comparison;

/// <summary>What a fleet did, and the figures that follow from it. Counted by the fleet, so that all policies are measured alike.</summary>
internal sealed class History(string policy, Workload workload)
{
    private readonly List<Span> _spans = [];
    private readonly Dictionary<string, int> _waiting = [];
    private readonly Dictionary<string, double> _meanMs = workload.Jobs.GroupBy(job => job.Run.Group).ToDictionary(group => group.Key, group => group.Average(job => job.DurationMs));
    private readonly string?[] _visits = new string?[workload.Devices];
    private double? _unfairness;
    private double _fairMs;
    private double _unfairMs;
    private int _yields;
    private long _endMs;

    public string Policy => policy;

    public Workload Workload => workload;

    /// <summary>What every device did, in order.</summary>
    public IReadOnlyList<Span> Spans => _spans;

    /// <summary>Time until everything had ended.</summary>
    public long MakespanMs => _endMs;

    public double MakespanRatio => MakespanMs / LowerBound.MakespanMs(workload);

    public double InstallsPerJob => (double)_spans.Count(span => span.Job is null) / workload.Jobs.Count();

    /// <summary>Times a device left a group that still had work, per job.</summary>
    public double YieldsPerJob => (double)_yields / workload.Jobs.Count();

    /// <summary>
    /// Fairness between organisations: Jain's index (Jain, Chiu, Hawe 1984) of the devices they occupy, 1 when all have equally many,
    /// averaged over the time. Only those count that still have a group worth another device: a rule that spares installations must
    /// leave a short group to the devices it has, and that is not unfair.
    /// </summary>
    public double Jain => 1 - (_unfairMs / _fairMs);

    /// <summary>Seconds 95 % of the jobs waited at most.</summary>
    public double WaitP95 => Percentile(Waits(_ => true), 0.95);

    /// <summary>Seconds from a job's arrival to its file's begin, in order.</summary>
    public IReadOnlyList<double> Waits(Func<PlannedRun, bool> ofRun) =>
        [.. _spans.Where(span => span.Job is { } job && ofRun(job.Run)).Select(span => (span.FromMs - span.Job!.Run.AtMs) / 1000.0).Order()];

    /// <summary>Seconds from a run's arrival to its last file's end, in order.</summary>
    public IReadOnlyList<double> Turnarounds(Func<PlannedRun, bool> ofRun) =>
        [.. _spans.Where(span => span.Job is { } job && ofRun(job.Run)).GroupBy(span => span.Job!.Run).Select(run => (run.Max(span => span.ToMs) - run.Key.AtMs) / 1000.0).Order()];

    public static double Percentile(IReadOnlyList<double> ordered, double share) => ordered[(int)Math.Min(ordered.Count - 1, share * ordered.Count)];

    public void Submitted(PlannedRun run) => Waiting(run.Group, run.Jobs.Count);

    public void Claimed(int device, IReadOnlyList<PlannedJob> jobs)
    {
        var group = jobs[0].Run.Group;
        Waiting(group, -jobs.Count);
        if (_visits[device] is { } last && last != group && _waiting.ContainsKey(last))
        {
            _yields++;
        }

        Visit(device, group);
    }

    public void Released(IReadOnlyCollection<PlannedJob> jobs) => Waiting(jobs.First().Run.Group, jobs.Count);

    public void Idle(int device) => Visit(device, null);

    public void Occupied(Span span) => _spans.Add(span);

    public void Ended(long nowMs) => _endMs = nowMs;

    /// <summary>Time passes while everything stays as it is.</summary>
    public void Elapsed(long ms)
    {
        if (ms > 0 && (_unfairness ??= Unfairness()) is >= 0 and var unfairness)
        {
            _fairMs += ms;
            _unfairMs += ms * unfairness;
        }
    }

    // One minus Jain's index, or -1 when there are no two organisations to compare.
    private double Unfairness()
    {
        var devices = _visits.Where(group => group is not null).GroupBy(group => group!).ToDictionary(group => group.Key, group => group.Count());
        var loads = _waiting.Keys.GroupBy(Org)
            .Where(groups => groups.Any(group => IsWorthAnother(group, devices.GetValueOrDefault(group))))
            .Select(groups => (double)devices.Where(group => Org(group.Key) == groups.Key).Sum(group => group.Value)).ToList();
        var sum = loads.Sum();
        return loads.Count > 1 && sum > 0 ? 1 - (sum * sum / (loads.Count * loads.Sum(load => load * load))) : -1;
    }

    // Where there is other work, a device joins a group that is four installations long per device it has.
    private bool IsWorthAnother(string group, int devices) =>
        _waiting[group] > 0 && (devices == 0 || _waiting[group] * _meanMs[group] > 4 * workload.InstallMs * devices);

    private void Visit(int device, string? group)
    {
        _visits[device] = group;
        _unfairness = null;
    }

    private void Waiting(string group, int more)
    {
        _unfairness = null;
        _waiting[group] = _waiting.GetValueOrDefault(group) + more;
        if (_waiting[group] == 0 && more < 0)
        {
            _waiting.Remove(group);
        }
    }

    private static string Org(string group) => group[..group.IndexOf('|', StringComparison.Ordinal)];
}
