using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Simulation.Checking;

// Whatever ends is delivered to every hook of its organisation, or waits where somebody will look.
internal sealed partial class QueueInvariants
{
    private readonly HashSet<string> _delivered = new(StringComparer.Ordinal);

    private void CheckHooks(PoolSnapshot pool)
    {
        foreach (var org in pool.Set("hook_orgs"))
        {
            foreach (var (hook, stored) in pool.Hash("hooks:" + org))
            {
                CheckHook(pool, org, hook, stored.Split(" {")[0].Split(' '));
            }
        }

        Check(pool.Scores("hooks_due").Keys.Intersect(pool.Scores("hooks_taken").Keys).FirstOrDefault() is null, "a hook is due and taken");
    }

    private void CheckHook(PoolSnapshot pool, string org, string hook, string[] events)
    {
        var (waiting, tries) = (pool.Scores($"hook:{hook}:due"), pool.Hash($"hook:{hook}:tries"));
        // "delivered {"delivery_id":"hook_…-run_…",…}"; one that is tried again begins with an instant
        foreach (var line in pool.List($"hook:{hook}:log").Where(line => !char.IsAsciiDigit(line[0])))
        {
            _delivered.Add(line.Split('"')[3]);
        }

        foreach (var runId in pool.Scores("runs").Keys.Where(runId => pool.Hash("run:" + runId).GetValueOrDefault("org") == org))
        {
            var run = pool.Hash("run:" + runId);
            var ended = Enumerable.Range(0, (int)Number(run["planned"])).Select(index => Ids.Job(runId, index)).Where(job => events.Contains(HookEvents.JobEnded) && HasEnded(pool, job));
            // A cell ends as a part of its matrix, of which its hooks hear.
            var tells = run.ContainsKey("verdict") && events.Contains(HookEvents.RunEnded) && Ids.MatrixOf(runId) is null;
            Check(Ids.MatrixOf(runId) is null || !waiting.ContainsKey(runId), $"the end of the cell {runId} waits for {hook}");
            foreach (var subject in tells ? ended.Append(runId) : ended)
            {
                Check(waiting.ContainsKey(subject) != _delivered.Contains($"{hook}-{subject}"), $"the end of {subject} waits for {hook}: {waiting.ContainsKey(subject)}, was delivered: {_delivered.Contains($"{hook}-{subject}")}");
            }
        }

        var name = $"{org}|{hook}";
        var lookedAt = pool.Scores("hooks_taken").TryGetValue(name, out var lease) ? lease : pool.Scores("hooks_due").GetValueOrDefault(name, double.MaxValue);
        Check(waiting.Count == 0 || pool.Scores("hooks_taken").ContainsKey(name) || lookedAt <= waiting.Values.Min(), $"{hook} is looked at only after its first delivery is due");
        Check(tries.Keys.All(subject => waiting.ContainsKey(subject) || subject == "skipped"), $"{hook} counts attempts of what does not wait");
    }

    // A job that is attached to another run's ends with that one, unless its own run gave it up before.
    private static bool HasEnded(PoolSnapshot pool, string jobId)
    {
        var job = pool.Hash("job:" + jobId);
        return job.ContainsKey("left") || job.ContainsKey("finished_ms") || (job.TryGetValue("attached_to", out var work) && pool.Hash("job:" + work).ContainsKey("finished_ms"));
    }
}
