using System.Collections.Concurrent;
using QualGent.Cli.Output;
using QualGent.Contracts;

namespace QualGent.Cli.Runs;

/// <summary>A run and its jobs as last heard of.</summary>
/// <param name="only">The one job to look at; null for all.</param>
/// <param name="time">For run times of jobs that still run: the server's clock may differ from ours.</param>
internal sealed class RunBoard(string? only, TimeProvider time)
{
    private readonly Dictionary<string, JobView> _jobs = new(StringComparer.Ordinal);
    // The live view reads these while events come in.
    private readonly ConcurrentDictionary<string, long> _seenRunning = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TestProgress> _progress = new(StringComparer.Ordinal);

    public RunView? Run { get; private set; }

    /// <summary>In the order of the submission.</summary>
    public IReadOnlyList<JobView> Jobs => [.. _jobs.Values];

    /// <summary>Whether nothing more will change of what is looked at.</summary>
    public bool HasEnded => only is null ? Run?.State == RunState.Ended : _jobs.TryGetValue(only, out var job) && job.Status.IsTerminal();

    /// <summary>Whether a device ever took one of the jobs, in each cell of a matrix.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Takes an event in and gives the jobs that look different now.</summary>
    public IReadOnlyList<JobView> Apply(RunEvent item)
    {
        Run = item.Run ?? Run;
        if (item.Progress is { } progress)
        {
            _progress[progress.JobId] = progress;
        }

        var changed = new List<JobView>();
        foreach (var job in item.Jobs ?? [])
        {
            if (only is not null && job.Id != only)
            {
                continue;
            }

            _jobs.TryGetValue(job.Id, out var before);
            if (before is not null && before.Status.IsTerminal() && !job.Status.IsTerminal())
            {
                continue; // an old event, replayed after a reconnect
            }

            _jobs[job.Id] = job;
            if (job.Status != JobStatus.Running || (before is not null && before.Attempts != job.Attempts))
            {
                _seenRunning.TryRemove(job.Id, out _);
                _progress.TryRemove(job.Id, out _);
            }

            if (job.Status == JobStatus.Running)
            {
                _seenRunning.TryAdd(job.Id, time.GetTimestamp());
            }

            if (before is null || (before.Status, before.Phase, before.Attempts, before.InfrastructureLosses) != (job.Status, job.Phase, job.Attempts, job.InfrastructureLosses))
            {
                changed.Add(job);
            }
        }

        HasStarted |= _jobs.Count > 0 && _jobs.Values.GroupBy(job => job.RunId).All(cell => cell.Any(job => job.Status != JobStatus.Queued || job.Attempts > 0 || job.InfrastructureLosses > 0));
        return changed;
    }

    /// <summary>The job's test, with its cell where the run has a matrix.</summary>
    public string NameOf(JobView job) => SafeText.Line(CellText.TestOf(job, Run));

    /// <summary>How far the file of a running job is; null when nothing has been heard of it.</summary>
    public TestProgress? ProgressOf(JobView job) => job.Status == JobStatus.Running ? _progress.GetValueOrDefault(job.Id) : null;

    /// <summary>How long the job has been running, or ran; null while it waits.</summary>
    public TimeSpan? DurationOf(JobView job) => job switch
    {
        { Status: JobStatus.Running } => _seenRunning.TryGetValue(job.Id, out var since) ? time.GetElapsedTime(since) : null,
        { DurationMs: { } ms } when job.Status.IsTerminal() => TimeSpan.FromMilliseconds(ms),
        _ => null,
    };
}
