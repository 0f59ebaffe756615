using System.Globalization;

namespace QualGent.Scheduling.Tests.Harness;

internal sealed partial class QueueInvariants
{
    // 6, 7, 8: every index entry is right and none is missing; none names something that does not exist.
    private static void CheckIndexes(Pool pool, List<string> wrong)
    {
        foreach (var (key, devices) in pool.SetsWith("bound:"))
        {
            wrong.AddRange(devices.Where(device => pool.Hash("device:" + device).GetValueOrDefault("group") != key).Select(device => $"bound:{key} lists {device}"));
        }

        foreach (var (key, devices) in pool.SetsWith("called:"))
        {
            wrong.AddRange(devices.Where(device => pool.Hash("device:" + device).GetValueOrDefault("called_for") != key).Select(device => $"called:{key} lists {device}"));
        }

        var waiting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (lane, jobs) in pool.ScoresWith("ready:"))
        {
            var group = string.Join('|', lane.Split('|').Take(3));
            if (!pool.Scores("lanes:" + group).TryGetValue(lane, out var head) || Math.Abs(head - jobs.Values.Min()) > 0.001)
            {
                wrong.Add($"lanes:{group} has not the head of {lane}");
            }

            if (!pool.Scores("condemned").ContainsKey(group) && !pool.Set("paused").Contains(string.Join('|', lane.Split('|').Take(2))))
            {
                waiting.Add(group);
            }
        }

        foreach (var group in waiting)
        {
            var parts = group.Split('|');
            var record = pool.Hash("group:" + group);
            double Known(string field, double otherwise) => record.TryGetValue(field, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
            var lanes = pool.Scores("lanes:" + group).OrderBy(lane => lane.Value).ThenBy(lane => lane.Key, StringComparer.Ordinal).Take(16);
            var ready = lanes.Sum(lane => pool.Scores("ready:" + lane.Key).Count);
            var (install, devices) = (Known("install_ms", 30_000), pool.Set("bound:" + group).Count);
            var helps = devices == 0 || ready * Known("estimate_ms", 10_000) > install * devices;
            var isOpen = pool.Scores($"open:{parts[2]}|{parts[0]}").TryGetValue(group, out var score);
            if (isOpen && Math.Abs(score - pool.Scores("lanes:" + group).Values.Min()) > 0.001)
            {
                wrong.Add($"{group} is open but not indexed by its head ({score})");
            }

            if (helps && !isOpen)
            {
                wrong.Add($"{group} is not open, with {ready} ready jobs and {devices} devices");
            }

            if (!pool.Scores("stalled").TryGetValue(group, out var stalled) != isOpen || (!isOpen && stalled != Known("progress_ms", 0) + (3 * install)))
            {
                wrong.Add($"{group}, open: {isOpen}, opens at {stalled}");
            }
        }

        wrong.AddRange(pool.Scores("stalled").Keys.Where(group => !waiting.Contains(group)).Select(group => $"stalled lists {group}, which has no ready job"));
        foreach (var (org, classes) in pool.SetsWith("org:").Where(pair => pair.Key.EndsWith(":classes", StringComparison.Ordinal)).Select(pair => (pair.Key[..^":classes".Length], pair.Members)))
        {
            var record = pool.Hash("org:" + org);
            double Setting(string field, double otherwise) => record.TryGetValue(field, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
            var devices = pool.Set($"org:{org}:devices").Count;
            var mayGrow = devices < Setting("cap", double.PositiveInfinity) && !pool.Set("paused").Contains(org);
            var expected = (Math.Min(Math.Pow(2, 20) - 1, Math.Floor(64 * (devices + 1) / Setting("weight", 1))) * Math.Pow(2, 32)) + Setting("virtual_time", 0);
            foreach (var name in classes)
            {
                if (pool.Scores($"open:{name}|{org}").Count == 0)
                {
                    wrong.Add($"org:{org}:classes lists {name}, where it has no open group");
                }

                if (pool.Scores("open:" + name).TryGetValue(org, out var score) != mayGrow || (mayGrow && Math.Abs(score - expected) > 0.001))
                {
                    wrong.Add($"open:{name} ranks {org} at {score}; it has {devices} devices and may grow: {mayGrow}; expected {expected}");
                }
            }
        }

        foreach (var (key, members) in pool.ScoresWith("open:"))
        {
            var parts = key.Split('|');
            wrong.AddRange(members.Keys.Where(member => parts.Length == 2 ? !waiting.Contains(member) : !pool.Set($"org:{member}:classes").Contains(key)).Select(member => $"open:{key} lists {member}, which has no ready job"));
            if (parts.Length == 2 && !pool.Set($"org:{parts[1]}:classes").Contains(parts[0]))
            {
                wrong.Add($"org:{parts[1]}:classes lacks {parts[0]}");
            }
        }

        foreach (var (group, lanes) in pool.ScoresWith("lanes:"))
        {
            wrong.AddRange(lanes.Keys.Where(lane => pool.Scores("ready:" + lane).Count == 0).Select(lane => $"lanes:{group} lists the empty {lane}"));
        }

        foreach (var (org, devices) in pool.SetsWith("org:").Where(pair => pair.Key.EndsWith(":devices", StringComparison.Ordinal)))
        {
            var id = org[..^":devices".Length];
            wrong.AddRange(devices.Where(device => pool.Hash("device:" + device).GetValueOrDefault("group")?.Split('|')[0] != id).Select(device => $"org:{org} lists {device}"));
        }

        foreach (var index in (string[])["runs", "ended", "expanding", "cancelling", "deadlines"])
        {
            wrong.AddRange(pool.Scores(index).Keys.Where(run => pool.Hash("run:" + run).Count == 0).Select(run => $"{index} lists {run}, which does not exist"));
        }
    }
}
