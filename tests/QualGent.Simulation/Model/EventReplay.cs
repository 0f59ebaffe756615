using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Model;

/// <summary>Follows the events of every run and of every matrix as a client does, and knows of jobs only what they say.</summary>
internal sealed class EventReplay(IJobQueue queue)
{
    private readonly Dictionary<string, string> _cursors = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Watched, string Job), JobStatus> _jobs = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>Reads what is new; what the events say must then be what the model says.</summary>
    public async Task CheckAsync(QueueModel model, Func<string, string> name)
    {
        var watched = model.Parts.Values.SelectMany(job => Watched(job).Select(id => (Id: id, Job: job))).ToLookup(pair => pair.Id, pair => pair.Job);
        foreach (var jobs in watched)
        {
            while (await queue.ReadRunEventsAsync(jobs.Key, _cursors.GetValueOrDefault(jobs.Key), CancellationToken.None) is { Count: > 0 } events)
            {
                foreach (var one in events)
                {
                    Hear(jobs.Key, one, name);
                }
            }

            foreach (var job in jobs)
            {
                var told = _jobs.GetValueOrDefault((jobs.Key, job.Id), JobStatus.Queued);
                Require(told == job.Status, $"{name(job.Id)} is {told} for whoever follows the events of {name(jobs.Key)}, and {job.Status} in truth");
            }

            Require(jobs.All(job => job.Status.IsTerminal()) == _ended.Contains(jobs.Key), $"the events of {name(jobs.Key)} end too early or not at all");
        }
    }

    private static IEnumerable<string> Watched(ModelPart job) => Ids.MatrixOf(job.RunId) is { } matrix ? [job.RunId, matrix] : [job.RunId];

    private void Hear(string runId, RunEvent one, Func<string, string> name)
    {
        _cursors[runId] = one.Cursor;
        foreach (var job in one.Jobs ?? [])
        {
            _jobs[(runId, job.Id)] = job.Status;
        }

        Require(one.Kind != RunEventKind.RunEnded || _ended.Add(runId), $"{name(runId)} ends twice");
    }
}
