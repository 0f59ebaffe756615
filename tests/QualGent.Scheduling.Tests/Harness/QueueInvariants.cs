using System.Globalization;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Redis;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests.Harness;

/// <summary>
/// Reads a whole pool and checks what must hold between its keys after every operation. Knows the layout but shares no code
/// with the scripts.
/// </summary>
internal sealed partial class QueueInvariants(IDatabase database, RedisKeys keys)
{
    private readonly Dictionary<string, long> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _verdicts = new(StringComparer.Ordinal);
    private long _lastToken;

    /// <summary>Fails with everything that is wrong.</summary>
    /// <param name="runIds">Runs that were accepted and have not been forgotten.</param>
    public async Task CheckAsync(params IEnumerable<string> runIds)
    {
        var wrong = new List<string>();
        var pool = await PoolAsync();
        var runs = runIds.ToList();
        CheckRuns(pool, runs, wrong);
        CheckDevices(pool, wrong);
        CheckIndexes(pool, wrong);
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>Everything in the pool, for comparing before and after.</summary>
    public async Task<string> DigestAsync() => (await PoolAsync()).ToString();

    private void CheckRuns(Pool pool, List<string> runIds, List<string> wrong)
    {
        long queuedInPool = 0, runningInPool = 0;
        var queuedByOrg = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var runId in runIds)
        {
            var run = pool.Hash("run:" + runId);
            if (run.Count == 0)
            {
                wrong.Add($"accepted run {runId} is gone");
                continue;
            }

            var planned = int.Parse(run["planned"], CultureInfo.InvariantCulture);
            var expanded = int.Parse(run["expanded"], CultureInfo.InvariantCulture);
            if (pool.List("run:" + runId + ":tests").Length != planned)
            {
                wrong.Add($"{runId}: the manifest does not have {planned} tests");
            }

            if (expanded < planned != pool.Scores("expanding").ContainsKey(runId))
            {
                wrong.Add($"{runId}: {expanded} of {planned} expanded, but listed as such: {!(expanded < planned)}");
            }

            var counts = new Dictionary<string, int>(StringComparer.Ordinal) { ["queued"] = planned - expanded };
            for (var index = 0; index < expanded; index++)
            {
                CheckJob(pool, runId, run, index, counts, wrong);
            }

            foreach (var status in (string[])["queued", "running", "passed", "failed", "errored", "cancelled"])
            {
                Equal(run.GetValueOrDefault(status, "0"), counts.GetValueOrDefault(status), $"{runId}'s {status} jobs", wrong);
            }

            CheckVerdict(pool, runId, run, counts, planned, wrong);
            queuedInPool += counts.GetValueOrDefault("queued");
            runningInPool += counts.GetValueOrDefault("running");
            queuedByOrg[run["org"]] = queuedByOrg.GetValueOrDefault(run["org"]) + counts.GetValueOrDefault("queued");
        }

        Equal(pool.Hash("counts").GetValueOrDefault("queued", "0"), queuedInPool, "pool's queued jobs", wrong);
        Equal(pool.Hash("counts").GetValueOrDefault("running", "0"), runningInPool, "pool's running jobs", wrong);
        foreach (var (org, queued) in queuedByOrg)
        {
            Equal(pool.Hash("org:" + org).GetValueOrDefault("queued", "0"), queued, $"queued jobs of {org}", wrong);
        }
    }

    // 1, 3, 14: exactly one state, exactly the index of that state; tokens rise; terminal states and their codes stay.
    private void CheckJob(Pool pool, string runId, Dictionary<string, string> run, int index, Dictionary<string, int> counts, List<string> wrong)
    {
        var jobId = Ids.Job(runId, index);
        var job = pool.Hash("job:" + jobId);
        var status = job.GetValueOrDefault("status", "queued");
        counts[status] = counts.GetValueOrDefault(status) + 1;
        var places = new List<string>();
        if (pool.Scores("ready:" + run["lane"]).TryGetValue(jobId, out var score))
        {
            places.Add("ready");
            var expected = double.Parse(run["score"], CultureInfo.InvariantCulture) + (index / 2048.0);
            if (Math.Abs(score - expected) > 0.001)
            {
                wrong.Add($"{jobId} has seniority {score:R}, its run gave it {expected:R}");
            }
        }

        if (pool.Scores("delayed").ContainsKey(jobId))
        {
            places.Add("delayed");
        }

        places.AddRange(pool.Set("devices").Where(device => pool.Scores($"device:{device}:jobs").ContainsKey(jobId)).Select(device => "held by " + device));
        var place = places.Count == 1 ? places[0] : string.Join(" and ", places);
        var right = status switch
        {
            "queued" => place == "ready" ? !job.ContainsKey("not_before") : place == "delayed" && (job.ContainsKey("not_before") || run.ContainsKey("due_ms")),
            "running" => place == "held by " + job.GetValueOrDefault("device"),
            "passed" or "failed" or "errored" or "cancelled" => place.Length == 0,
            _ => false,
        };
        if (!right)
        {
            wrong.Add($"{jobId} is {status} but in '{place}'");
        }

        if (job.TryGetValue("token", out var token))
        {
            var number = long.Parse(token, CultureInfo.InvariantCulture);
            if (number < _tokens.GetValueOrDefault(jobId))
            {
                wrong.Add($"{jobId}: token fell from {_tokens[jobId]} to {number}");
            }

            _tokens[jobId] = number;
        }

        if (_verdicts.TryGetValue(jobId, out var verdict) && verdict != status)
        {
            wrong.Add($"{jobId} was {verdict} and is {status}");
        }

        if (place.Length == 0)
        {
            _verdicts[jobId] = status;
        }

        var attempts = int.Parse(job.GetValueOrDefault("attempts", "0"), CultureInfo.InvariantCulture);
        if (attempts > int.Parse(run["attempts_max"], CultureInfo.InvariantCulture))
        {
            wrong.Add($"{jobId} used {attempts} attempts of {run["attempts_max"]}");
        }

        var losses = int.Parse(job.GetValueOrDefault("losses", "0"), CultureInfo.InvariantCulture);
        if (losses > Contracts.Limits.InfrastructureLossesMax && status is "queued" or "missing")
        {
            wrong.Add($"{jobId} is {status} after {losses} losses");
        }
    }

    private static void CheckVerdict(Pool pool, string runId, Dictionary<string, string> run, Dictionary<string, int> counts, int planned, List<string> wrong)
    {
        var open = counts.GetValueOrDefault("queued") + counts.GetValueOrDefault("running");
        var expected = open > 0 ? null
            : counts.GetValueOrDefault("failed") > 0 ? "failed"
            : counts.GetValueOrDefault("errored") > 0 ? "errored"
            : counts.GetValueOrDefault("passed") == planned ? "passed" : "cancelled";
        if (run.GetValueOrDefault("verdict") != expected)
        {
            wrong.Add($"{runId} has verdict {run.GetValueOrDefault("verdict")}, its jobs say {expected}");
        }

        if (pool.Scores("ended").ContainsKey(runId) != (expected is not null))
        {
            wrong.Add($"{runId} with verdict {expected} is in the index of ended runs: {expected is null}");
        }

        if (counts.GetValueOrDefault("queued") > 0 && !pool.Scores("deadlines").ContainsKey(runId))
        {
            wrong.Add($"{runId} has queued jobs and no deadline");
        }
    }

    // 4, 6, 9, 13: who holds, is bound, idle, woken; each device is in exactly the indexes of its mode.
    private void CheckDevices(Pool pool, List<string> wrong)
    {
        var token = long.Parse(pool.Text("tokens") ?? "0", CultureInfo.InvariantCulture);
        if (token < _lastToken)
        {
            wrong.Add($"the pool's token fell from {_lastToken} to {token}");
        }

        _lastToken = token;
        foreach (var deviceId in pool.Set("devices"))
        {
            var device = pool.Hash("device:" + deviceId);
            var mode = device["mode"];
            var classes = pool.Set($"device:{deviceId}:classes");
            var group = device.GetValueOrDefault("group");
            var held = pool.Scores($"device:{deviceId}:jobs").Keys;
            Check(mode is "bound" == group is not null, $"{deviceId} is {mode} with group '{group}'");
            Check(held.Count == 0 || mode == "bound", $"{deviceId} is {mode} and holds {held.Count} jobs");
            Check(mode == "offline" != pool.Scores("leases").ContainsKey(deviceId), $"{deviceId} is {mode}, leased: {pool.Scores("leases").ContainsKey(deviceId)}");
            Check(mode == "offline" == pool.Scores("offline").ContainsKey(deviceId), $"{deviceId} is {mode}, listed offline: {mode != "offline"}");
            Check(mode == "woken" == pool.Scores("woken").ContainsKey(deviceId), $"{deviceId} is {mode}, listed woken: {mode != "woken"}");
            Check(group is null || pool.Set("bound:" + group).Contains(deviceId), $"{deviceId} is not in bound:{group}");
            foreach (var name in classes)
            {
                Check(mode == "idle" == pool.Scores("idle:" + name).ContainsKey(deviceId), $"{deviceId} is {mode}, in idle:{name}: {mode != "idle"}");
                Check((mode == "offline" || device.ContainsKey("duty")) != pool.Set("class:" + name).Contains(deviceId), $"{deviceId} is {mode}, in class:{name}: {mode == "offline"}");
            }

            if (device.TryGetValue("warm", out var warm))
            {
                // Just registered devices are there, too, until their first claim.
                Check(mode is "fresh" || mode is "idle" or "woken" == pool.Scores("warm:" + warm).ContainsKey(deviceId), $"{deviceId} is {mode}, in warm:{warm}: {mode is not ("idle" or "woken")}");
            }

            var files = new HashSet<string>(StringComparer.Ordinal);
            var lanes = new HashSet<string>(StringComparer.Ordinal);
            foreach (var jobId in held)
            {
                Check(Ids.TryParseJob(jobId, out var runId, out var index), $"{deviceId} holds '{jobId}'");
                var run = pool.Hash("run:" + runId);
                Check(files.Add(pool.List($"run:{runId}:tests")[index]), $"{deviceId} holds one file twice");
                lanes.Add(run["lane"]);
                Check(run["group"] == group, $"{deviceId} visits {group} and holds {jobId} of {run["group"]}");
                Check(classes.Contains(run["class"]), $"{deviceId} does not serve {run["class"]} and holds {jobId}");
            }

            Check(lanes.Count <= 1, $"{deviceId} holds jobs of lanes {string.Join(" and ", lanes)}");
        }

        void Check(bool holds, string message)
        {
            if (!holds)
            {
                wrong.Add(message);
            }
        }
    }

    private static void Equal(string stored, long counted, string what, List<string> wrong)
    {
        if (stored != counted.ToString(CultureInfo.InvariantCulture))
        {
            wrong.Add($"stored number of {what}: {stored}, counted: {counted}");
        }
    }

    private async Task<Pool> PoolAsync()
    {
        // One script reads everything, so that the picture is of one instant: [name, type, value or list of values]…
        const string Dump = """
            #!lua
            local out, cursor = {}, '0'
            repeat
              local page = redis.call('SCAN', cursor, 'MATCH', KEYS[1]:gsub('[{}]', '?') .. '*', 'COUNT', 1000)
              cursor = page[1]
              for _, key in ipairs(page[2]) do
                local type, value = redis.call('TYPE', key).ok, nil
                if type == 'string' then value = { redis.call('GET', key) }
                elseif type == 'hash' then value = redis.call('HGETALL', key)
                elseif type == 'set' then value = redis.call('SMEMBERS', key)
                elseif type == 'zset' then value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
                elseif type == 'list' then value = redis.call('LRANGE', key, 0, -1) end
                if value then out[#out + 1] = { string.sub(key, #KEYS[1] + 1), type, value } end
              end
            until cursor == '0'
            return out
            """;
        var reply = (RedisResult[])(await database.ScriptEvaluateAsync(Dump, [keys.Prefix], []))!;
        return new Pool(reply.Select(entry => (RedisResult[])entry!).ToDictionary(parts => (string)parts[0]!, parts => ((string)parts[1]!, (string[])parts[2]!), StringComparer.Ordinal));
    }

    private sealed class Pool(Dictionary<string, (string Type, string[] Values)> keys)
    {
        public override string ToString() => string.Join('\n', keys.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}: {string.Join(' ', pair.Value.Type is "set" ? pair.Value.Values.Order(StringComparer.Ordinal) : pair.Value.Values)}"));

        public string? Text(string key) => keys.TryGetValue(key, out var entry) ? entry.Values[0] : null;

        public Dictionary<string, string> Hash(string key) => Pairs(key, "hash").ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);

        public string[] List(string key) => keys.TryGetValue(key, out var entry) ? entry.Values : [];

        public HashSet<string> Set(string key) => [.. List(key)];

        public Dictionary<string, double> Scores(string key) => Pairs(key, "zset").ToDictionary(pair => pair.Name, pair => double.Parse(pair.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

        public IEnumerable<(string Key, HashSet<string> Members)> SetsWith(string prefix) => Names(prefix, "set").Select(name => (name[prefix.Length..], Set(name)));

        public IEnumerable<(string Key, Dictionary<string, double> Scores)> ScoresWith(string prefix) => Names(prefix, "zset").Select(name => (name[prefix.Length..], Scores(name)));

        private List<string> Names(string prefix, string type) => [.. keys.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && pair.Value.Type == type).Select(pair => pair.Key)];

        private IEnumerable<(string Name, string Value)> Pairs(string key, string type)
        {
            if (!keys.TryGetValue(key, out var entry) || entry.Type != type)
            {
                yield break;
            }

            for (var i = 0; i < entry.Values.Length; i += 2)
            {
                yield return (entry.Values[i], entry.Values[i + 1]);
            }
        }
    }
}
