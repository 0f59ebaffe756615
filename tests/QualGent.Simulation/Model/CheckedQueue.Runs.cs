using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Checking;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Model;

// What becomes of runs as a whole: somebody waits for them, looks at them, repeats them, and in the end they are forgotten.
internal sealed partial class CheckedQueue
{
    /// <summary>Renews the lease of a run, if it has one.</summary>
    public async Task RenewAsync(string id)
    {
        Require(await queue.Jobs.RenewRunAsync(id, CancellationToken.None), $"{Name(id)} is unknown to whoever renews it");
        Model.Wholes[id].Renew(NowMs);
        await TwiceAsync(true, () => queue.Jobs.RenewRunAsync(id, CancellationToken.None));
    }

    /// <summary>Looks at a job, its run and what it waits for; nothing may change.</summary>
    public async Task LookAsync(ModelPart part)
    {
        var (job, wait, run) = await UnchangedAsync(async () => (
            await queue.Jobs.GetJobAsync(part.Id, CancellationToken.None),
            await queue.Jobs.WhyAsync(part.Id, CancellationToken.None),
            await queue.Jobs.GetRunAsync(WholeId(part), CancellationToken.None)));
        Require(job?.Status == part.Status && wait?.Status == part.Status, $"{Name(part.Id)} is shown as {job?.Status} and waits as {wait?.Status}, the model says {part.Status}");
        Require(run?.State == (Model.WholeOf(part).IsOpen ? RunState.Open : RunState.Ended), $"{Name(WholeId(part))} is shown as {run?.State}");
    }

    /// <summary>Repeats what did not pass of a run, or one job of it.</summary>
    /// <returns>The new run; null when there is nothing to repeat.</returns>
    public async Task<string?> RepeatAsync(ModelPart part, bool wholeRun, IdempotencyKey key)
    {
        var whole = Model.WholeOf(part);
        var id = wholeRun ? WholeId(part) : part.Id;
        var plan = await UnchangedAsync(() => wholeRun ? queue.Jobs.PlanRerunAsync(id, null, CancellationToken.None) : queue.Jobs.PlanRetryAsync(id, null, CancellationToken.None));
        if (wholeRun ? whole.IsOpen : !part.Status.IsTerminal())
        {
            Require(plan is Rerun.NotEnded, $"{Name(id)} is open and would be repeated: {plan}");
            return null;
        }

        List<string> tests = wholeRun ? [.. whole.Parts.Where(other => other is { Status: not JobStatus.Passed, IsExcluded: false }).Select(other => other.Job.File)] : [part.Job.File];
        if (plan is not Rerun.Ready { Submission: var again })
        {
            Require(plan is Rerun.NothingFailed && tests.Count == 0, $"{Name(id)} has {tests.Count} tests to repeat and is answered {plan}");
            return null;
        }

        Require(again.Tests.Concat(again.Cells.SelectMany(cell => cell.Tests)).SequenceEqual(tests), $"of {Name(id)} other tests would be repeated than the model says");
        return (await AcceptAsync(again, key)).RunId;
    }

    private static string WholeId(ModelPart part) => Ids.MatrixOf(part.RunId) ?? part.RunId;

    // What the store decides by itself, which the model has to learn: what sweeps ended and what was forgotten.
    private void Follow(PoolSnapshot pool)
    {
        if (_hasSwept)
        {
            new SweepReading(Model, pool, Name).TakeOver();
            Require(pool.Scores("ended").Values.All(endedMs => endedMs > NowMs - queue.Options.Retention.TotalMilliseconds), "a sweep left a run that should be forgotten");
            _hasSwept = false;
        }

        foreach (var (id, whole) in Model.Wholes)
        {
            whole.EndedMs = pool.Hash("run:" + id).TryGetValue("ended_ms", out var endedMs) ? (long)double.Parse(endedMs, CultureInfo.InvariantCulture) : whole.EndedMs;
        }

        Model.ForgetGroups(group => pool.Hash("group:" + group).Count > 0);
        foreach (var (id, whole) in Model.Wholes.Where(whole => pool.Hash("run:" + whole.Key) is var run && (run.Count == 0 || run.ContainsKey("forgotten"))).ToList())
        {
            Require(whole.EndedMs + queue.Options.Retention.TotalMilliseconds <= NowMs, $"{Name(id)}, which ended at {whole.EndedMs}, is forgotten at {NowMs}");
            Model.Hide(id);
        }

        foreach (var id in Model.Runs.Where(id => pool.Hash("run:" + id).Count == 0).ToList())
        {
            Require(!Model.Wholes.ContainsKey(Ids.MatrixOf(id) ?? id), $"{Name(id)} is gone too early");
            foreach (var job in Model.Jobs.Values.Where(job => job.RunId == id).ToList())
            {
                Require(!job.Parts.Exists(part => Model.Parts.ContainsKey(part.Id)), $"{Name(job.Id)} is gone, and a run that has a part in it is not");
                Model.Jobs.Remove(job.Id);
            }

            Model.Runs.Remove(id);
            _pinned.Remove(id);
        }
    }
}
