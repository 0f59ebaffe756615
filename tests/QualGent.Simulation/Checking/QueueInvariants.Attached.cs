using QualGent.Scheduling.Jobs;

namespace QualGent.Simulation.Checking;

// 15: of jobs that may do each other's work at most one is under way, and it can be found; who waits for it is known on both sides. Not
// counted are jobs whose build was condemned behind their acceptance: they may end untried, so nobody has to find them.
internal sealed partial class QueueInvariants
{
    private void CheckAttached(PoolSnapshot pool, List<string> runIds)
    {
        var underWay = new Dictionary<(string Kind, string Test), string>();
        var condemned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var runId in runIds)
        {
            var run = pool.Hash("run:" + runId);
            if (run.TryGetValue("dedup", out var kind))
            {
                var tests = pool.Tests(runId);
                var isCondemned = Number(run["created_ms"]) <= Number(pool.Hash("group:" + run["group"]).GetValueOrDefault("condemned_ms"));
                for (var index = 0; index < (int)Number(run["expanded"]); index++)
                {
                    var job = pool.Hash("job:" + Ids.Job(runId, index));
                    if (job.TryGetValue("attached_to", out var other))
                    {
                        if (run.ContainsKey("forgotten"))
                        {
                            continue; // it has given up its parts
                        }

                        CheckGuest(pool, runId, run, Ids.Job(runId, index), other, hasLeft: job.ContainsKey("status"));
                    }
                    else if (job.GetValueOrDefault("status", "queued") is "queued" or "running" && !job.ContainsKey("cancel"))
                    {
                        if (isCondemned)
                        {
                            condemned.Add(Ids.Job(runId, index));
                            continue;
                        }

                        Check(underWay.TryAdd((kind, tests[index]), Ids.Job(runId, index)), $"{Ids.Job(runId, index)} and {underWay[(kind, tests[index])]} are under way and equal");
                    }
                }
            }
        }

        var known = pool.NamesWith("in_flight:").SelectMany(name => pool.Hash("in_flight:" + name).Select(entry => (Key: (name, entry.Key), entry.Value))).ToDictionary(entry => entry.Key, entry => entry.Value);
        _wrong.AddRange(underWay.Except(known).Select(entry => $"{entry.Value} is under way and cannot be found"));
        _wrong.AddRange(known.Except(underWay).Where(entry => !condemned.Contains(entry.Value)).Select(entry => $"{entry.Value} is found, but not under way"));
        foreach (var job in pool.NamesWith("attached:"))
        {
            CheckNone(pool.Hash("attached:" + job).Values.Where(guest => pool.Hash("job:" + guest).GetValueOrDefault("attached_to") != job), $"attached:{job}", "which is not");
        }
    }

    private void CheckGuest(PoolSnapshot pool, string runId, IReadOnlyDictionary<string, string> run, string jobId, string other, bool hasLeft)
    {
        var owner = Ids.RunOf(other);
        Check(pool.Hash("run:" + owner).GetValueOrDefault("dedup") == run["dedup"], $"{jobId} is attached to {other}, which is not equal");
        Check(pool.Hash("run:" + owner).GetValueOrDefault("org") == run["org"], $"{jobId} is attached to {other} of another organisation");
        Check(pool.Hash("attached:" + other).ContainsKey(runId) != hasLeft, $"{jobId} has left {other}: {hasLeft}, which {other} does not know");
        Check(pool.Set($"run:{owner}:guests").Contains(runId), $"{owner} does not know that {runId} needs it");
    }
}
