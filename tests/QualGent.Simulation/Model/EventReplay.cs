using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Model;

/// <summary>Follows the events of every run as a client does, and knows of jobs only what they say.</summary>
internal sealed class EventReplay(IJobQueue queue)
{
    private readonly Dictionary<string, string> _cursors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobStatus> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>Reads what is new; what the events say must then be what the model says.</summary>
    public async Task CheckAsync(QueueModel model, Func<string, string> name)
    {
        foreach (var runId in model.Runs.Keys)
        {
            while (await queue.ReadRunEventsAsync(runId, _cursors.GetValueOrDefault(runId), CancellationToken.None) is { Count: > 0 } events)
            {
                foreach (var one in events)
                {
                    Hear(runId, one, name);
                }
            }
        }

        foreach (var job in model.Parts.Values)
        {
            var told = _jobs.GetValueOrDefault(job.Id, JobStatus.Queued);
            Require(told == job.Status, $"{name(job.Id)} is {told} for whoever follows the events, and {job.Status} in truth");
        }

        foreach (var run in model.Parts.Values.GroupBy(job => job.RunId))
        {
            Require(run.All(job => job.Status.IsTerminal()) == _ended.Contains(run.Key), $"the events of {name(run.Key)} end too early or not at all");
        }
    }

    private void Hear(string runId, RunEvent one, Func<string, string> name)
    {
        _cursors[runId] = one.Cursor;
        foreach (var job in one.Jobs ?? [])
        {
            _jobs[job.Id] = job.Status;
        }

        Require(one.Kind != RunEventKind.RunEnded || _ended.Add(runId), $"{name(runId)} ends twice");
    }
}
