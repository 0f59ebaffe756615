using QualGent.Scheduling.Jobs;

namespace QualGent.Simulation.Checking;

// 6, 7, 8: every index entry is right and none is missing; none names something that does not exist.
internal sealed partial class QueueInvariants
{
    private void CheckIndexes(PoolSnapshot pool)
    {
        CheckReferences(pool);
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (lane, jobs) in pool.ScoresWith("ready:"))
        {
            var parts = lane.Split('|');
            var group = string.Join('|', parts[..3]);
            Check(pool.Scores("lanes:" + group).TryGetValue(lane, out var head) && Math.Abs(head - jobs.Values.Min()) < 0.001, $"lanes:{group} has not the head of {lane}");
            if (!pool.Scores("condemned").ContainsKey(group) && !pool.Set("paused").Contains($"{parts[0]}|{parts[1]}"))
            {
                waiting.Add(group);
            }
        }

        foreach (var group in waiting)
        {
            CheckGroup(pool, group);
        }

        CheckNone(pool.Scores("stalled").Keys.Where(group => !waiting.Contains(group)), "stalled", "which has no ready job");
        CheckOrgs(pool, waiting);
    }

    // A group is where claims look while one more device would help it; else the instant is noted at which lack of progress changes that.
    private void CheckGroup(PoolSnapshot pool, string group)
    {
        var parts = group.Split('|');
        var record = pool.Hash("group:" + group);
        var installMs = Real(record.GetValueOrDefault("install_ms", "30000"));
        var (work, devices) = (Work(pool, group, record), pool.Set("bound:" + group).Count);
        var isOpen = pool.Scores($"open:{parts[2]}|{parts[0]}").TryGetValue(group, out var score);
        Check(!isOpen || Math.Abs(score - pool.Scores("lanes:" + group).Values.Min()) < 0.001, $"{group} is open but not indexed by its head ({score})");
        Check(isOpen || (devices > 0 && work <= installMs * devices), $"{group} is not open, with {work} ms of work and {devices} devices");

        var isStalled = pool.Scores("stalled").TryGetValue(group, out var opensMs);
        Check(isStalled != isOpen && (isOpen || opensMs == Real(record.GetValueOrDefault("progress_ms")) + (3 * installMs)), $"{group}, open: {isOpen}, listed as stalled: {isStalled}, opens at {opensMs}, last progress {record.GetValueOrDefault("progress_ms")}, installation {installMs}");
    }

    // Milliseconds of ready work in the first 16 lanes, as far as the queue can know.
    private static double Work(PoolSnapshot pool, string group, IReadOnlyDictionary<string, string> record) =>
        Real(record.GetValueOrDefault("estimate_ms", "10000"))
        * pool.Scores("lanes:" + group).OrderBy(lane => lane.Value).ThenBy(lane => lane.Key, StringComparer.Ordinal).Take(16).Sum(lane => pool.Scores("ready:" + lane.Key).Count);

    // Organisations stand where claims look, by their share, while they have open groups and may have more devices.
    private void CheckOrgs(PoolSnapshot pool, HashSet<string> waiting)
    {
        foreach (var (org, classes) in pool.SetsWith("org:").Where(pair => pair.Name.EndsWith(":classes", StringComparison.Ordinal)).Select(pair => (pair.Name[..^":classes".Length], pair.Members)))
        {
            var record = pool.Hash("org:" + org);
            var devices = pool.Set($"org:{org}:devices").Count;
            var mayGrow = devices < Real(record.GetValueOrDefault("cap", "1e9")) && !pool.Set("paused").Contains(org);
            var expected = (Math.Min(Math.Pow(2, 20) - 1, Math.Floor(64 * (devices + 1) / Real(record.GetValueOrDefault("weight", "1")))) * Math.Pow(2, 32)) + Real(record.GetValueOrDefault("virtual_time"));
            foreach (var name in classes)
            {
                Check(pool.Scores($"open:{name}|{org}").Count > 0, $"org:{org}:classes lists {name}, where it has no open group");
                var ranked = pool.Scores("open:" + name).TryGetValue(org, out var rank);
                Check(ranked == mayGrow && (!ranked || Math.Abs(rank - expected) < 0.001), $"open:{name} ranks {org} at {rank}; it has {devices} devices and may grow: {mayGrow}; expected {expected}");
            }
        }

        foreach (var (name, members) in pool.ScoresWith("open:"))
        {
            if (name.Split('|') is [var needs, var org])
            {
                CheckNone(members.Keys.Where(group => !waiting.Contains(group)), $"open:{name}", "which has no ready job");
                Check(pool.Set($"org:{org}:classes").Contains(needs), $"org:{org}:classes lacks {needs}");
            }
            else
            {
                CheckNone(members.Keys.Where(member => !pool.Set($"org:{member}:classes").Contains(name)), $"open:{name}", "which has no open group");
            }
        }
    }

    private void CheckReferences(PoolSnapshot pool)
    {
        foreach (var (group, devices) in pool.SetsWith("bound:"))
        {
            CheckNone(devices.Where(device => pool.Hash("device:" + device).GetValueOrDefault("group") != group), $"bound:{group}", "which does not visit it");
        }

        foreach (var (group, devices) in pool.SetsWith("called:"))
        {
            CheckNone(devices.Where(device => pool.Hash("device:" + device).GetValueOrDefault("called_for") != group), $"called:{group}", "which was not called for it");
        }

        foreach (var (group, lanes) in pool.ScoresWith("lanes:"))
        {
            CheckNone(lanes.Keys.Where(lane => pool.Scores("ready:" + lane).Count == 0), $"lanes:{group}", "which is empty");
        }

        foreach (var (name, devices) in pool.SetsWith("org:").Where(pair => pair.Name.EndsWith(":devices", StringComparison.Ordinal)))
        {
            var org = name[..^":devices".Length];
            CheckNone(devices.Where(device => pool.Hash("device:" + device).GetValueOrDefault("group")?.Split('|')[0] != org), $"org:{name}", "which works for nobody there");
        }

        CheckNone(pool.NamesWith("run:").Select(run => run.Split(':')[0]).Distinct().Where(run => pool.Hash("run:" + run).Count == 0), "the pool", "of which something is left");
        foreach (var kept in (string[])["job", "attached", "log", "attempts", "artifacts"])
        {
            CheckNone(pool.NamesWith(kept + ":").Where(job => !Ids.TryParseJob(job, out var run, out _) || pool.Hash("run:" + run).Count == 0), kept, "which does not exist");
        }

        foreach (var index in (string[])["runs", "ended", "expanding", "cancelling", "lapsing", "deadlines"])
        {
            CheckNone(pool.Scores(index).Keys.Where(run => pool.Hash("run:" + run).Count == 0), index, "which does not exist");
        }
    }

    private void CheckNone(IEnumerable<string> members, string index, string reason) => _wrong.AddRange(members.Select(member => $"{index} lists {member}, {reason}"));
}
