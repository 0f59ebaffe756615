using QualGent.Scheduling.Jobs;

namespace QualGent.Simulation.Checking;

// Who holds, visits, is idle, woken, away: each device is in exactly the indexes of its mode.
internal sealed partial class QueueInvariants
{
    private long _lastToken;

    // 2, 4, 6, 9
    private void CheckDevices(PoolSnapshot pool)
    {
        var token = Number(pool.Text("tokens"));
        Check(token >= _lastToken, $"the pool's token fell from {_lastToken} to {token}");
        _lastToken = token;
        foreach (var deviceId in pool.Set("devices"))
        {
            CheckDevice(pool, deviceId, pool.Hash("device:" + deviceId));
        }
    }

    private void CheckDevice(PoolSnapshot pool, string deviceId, IReadOnlyDictionary<string, string> device)
    {
        var mode = device["mode"];
        var group = device.GetValueOrDefault("group");
        var held = pool.Scores($"device:{deviceId}:jobs").Keys;
        Check(mode is "bound" == group is not null, $"{deviceId} is {mode} with group '{group}'");
        Check(!held.Any() || mode == "bound", $"{deviceId} is {mode} and holds jobs");
        Check(group is null || pool.Set("bound:" + group).Contains(deviceId), $"{deviceId} is not in bound:{group}");
        CheckListed(mode != "offline", pool.Scores("leases").ContainsKey(deviceId), "leases");
        CheckListed(mode == "offline", pool.Scores("offline").ContainsKey(deviceId), "offline");
        CheckListed(mode == "woken", pool.Scores("woken").ContainsKey(deviceId), "woken");
        var classes = pool.Set($"device:{deviceId}:classes");
        foreach (var name in classes)
        {
            CheckListed(mode == "idle", pool.Scores("idle:" + name).ContainsKey(deviceId), "idle:" + name);
            CheckListed(mode != "offline" && !device.ContainsKey("duty"), pool.Set("class:" + name).Contains(deviceId), "class:" + name);
        }

        // Just registered devices are listed as warm, too, until their first claim.
        if (device.TryGetValue("warm", out var warm) && mode != "fresh")
        {
            CheckListed(mode is "idle" or "woken", pool.Scores("warm:" + warm).ContainsKey(deviceId), "warm:" + warm);
        }

        CheckBatch(pool, deviceId, group, classes, held);

        void CheckListed(bool should, bool listed, string index) => Check(should == listed, $"{deviceId} is {mode}, listed in {index}: {listed}");
    }

    private void CheckBatch(PoolSnapshot pool, string deviceId, string? group, IReadOnlySet<string> classes, IEnumerable<string> held)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        var lanes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var jobId in held)
        {
            Check(Ids.TryParseJob(jobId, out var runId, out var index), $"{deviceId} holds '{jobId}'");
            var run = pool.Hash("run:" + runId);
            Check(files.Add(pool.Tests(runId)[index]), $"{deviceId} holds one file twice");
            lanes.Add(run["lane"]);
            Check(run["group"] == group, $"{deviceId} visits {group} and holds {jobId} of {run["group"]}");
            Check(classes.Contains(run["class"]), $"{deviceId} does not serve {run["class"]} and holds {jobId}");
        }

        Check(lanes.Count <= 1, $"{deviceId} holds jobs of lanes {string.Join(" and ", lanes)}");
    }
}
