using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Simulation.Checking;

// What is accepted is there, each job in exactly one place, and what has ended stays as it is.
internal sealed partial class QueueInvariants
{
    private static readonly string[] s_statuses = ["queued", "running", "passed", "failed", "errored", "cancelled"];
    private readonly Dictionary<string, long> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _verdicts = new(StringComparer.Ordinal);

    private void CheckRuns(PoolSnapshot pool, List<string> runIds)
    {
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var device in pool.Set("devices"))
        {
            foreach (var job in pool.Scores($"device:{device}:jobs").Keys)
            {
                holders[job] = holders.TryGetValue(job, out var other) ? $"{other} and {device}" : device;
            }
        }

        long queuedInPool = 0, runningInPool = 0;
        var queuedByOrg = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var runId in runIds)
        {
            var run = pool.Hash("run:" + runId);
            if (run.Count == 0)
            {
                _wrong.Add($"accepted run {runId} is gone");
                continue;
            }

            var (queued, running) = CheckRun(pool, runId, run, holders);
            queuedInPool += queued;
            runningInPool += running;
            queuedByOrg[run["org"]] = queuedByOrg.GetValueOrDefault(run["org"]) + queued;
        }

        foreach (var matrix in runIds.Where(id => Ids.MatrixOf(id) is not null).GroupBy(id => Ids.MatrixOf(id)!))
        {
            CheckMatrix(pool, matrix.Key, [.. matrix]);
        }

        CheckCount(pool.Hash("counts").GetValueOrDefault("queued"), queuedInPool, "the pool's queued jobs");
        CheckCount(pool.Hash("counts").GetValueOrDefault("running"), runningInPool, "the pool's running jobs");
        foreach (var (org, queued) in queuedByOrg)
        {
            CheckCount(pool.Hash("org:" + org).GetValueOrDefault("queued"), queued, $"queued jobs of {org}");
        }
    }

    // How many jobs that do their own work are queued and running.
    private (int Queued, int Running) CheckRun(PoolSnapshot pool, string runId, IReadOnlyDictionary<string, string> run, Dictionary<string, string> holders)
    {
        var (planned, expanded) = ((int)Number(run["planned"]), (int)Number(run["expanded"]));
        Check(pool.Tests(runId).Count == planned, $"{runId}: the manifest does not have {planned} tests");
        Check(expanded < planned == pool.Scores("expanding").ContainsKey(runId), $"{runId}: {expanded} of {planned} expanded, but listed as such: {expanded == planned}");

        var counts = s_statuses.ToDictionary(status => status, _ => 0, StringComparer.Ordinal);
        counts["queued"] = planned - expanded;
        var own = new Dictionary<string, int>(counts, StringComparer.Ordinal);
        // What the verdict rests on: all but the tests in quarantine.
        var excluded = (run.GetValueOrDefault("quarantined") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToHashSet();
        var judged = s_statuses.ToDictionary(status => status, _ => 0, StringComparer.Ordinal);
        for (var index = 0; index < expanded; index++)
        {
            var jobId = Ids.Job(runId, index);
            var job = pool.Hash("job:" + jobId);
            if (job.TryGetValue("attached_to", out var other))
            {
                var shown = job.GetValueOrDefault("status") ?? pool.Hash("job:" + other).GetValueOrDefault("status", "queued");
                counts[shown] = counts.GetValueOrDefault(shown) + 1;
                judged[shown] -= excluded.Contains(index) ? 1 : 0;
                continue;
            }

            var status = CheckJob(pool, run, jobId, index, holders);
            own[status] = own.GetValueOrDefault(status) + 1;
            status = job.GetValueOrDefault("left", status);
            counts[status] = counts.GetValueOrDefault(status) + 1;
            judged[status] -= excluded.Contains(index) ? 1 : 0;
        }

        if (run.ContainsKey("forgotten"))
        {
            return (own["queued"], own["running"]); // kept for others only: it has given up its own parts in jobs that may be gone
        }

        foreach (var status in s_statuses)
        {
            CheckCount(run.GetValueOrDefault(status), counts[status], $"{runId}'s {status} jobs");
        }

        foreach (var status in s_statuses)
        {
            judged[status] += counts[status];
            CheckCount(run.GetValueOrDefault("excluded_" + status), status is "queued" or "running" ? 0 : counts[status] - judged[status], $"{runId}'s {status} jobs in quarantine");
        }

        CheckVerdict(pool, runId, run, counts["queued"] + counts["running"], judged, planned - excluded.Count);
        return (own["queued"], own["running"]);
    }

    // 1, 2, 3, 14: exactly one state, exactly the index of that state; tokens rise; terminal states stay; limits are kept.
    private string CheckJob(PoolSnapshot pool, IReadOnlyDictionary<string, string> run, string jobId, int index, Dictionary<string, string> holders)
    {
        var job = pool.Hash("job:" + jobId);
        var status = job.GetValueOrDefault("status", "queued");
        var places = new List<string>();
        if (pool.Scores("ready:" + run["lane"]).TryGetValue(jobId, out var score))
        {
            places.Add("ready");
            var at = Ids.TryParseJob(jobId, out var runId, out _) && pool.Text($"run:{runId}:order") is { } order ? int.Parse(order.AsSpan(12 * index, 4), CultureInfo.InvariantCulture) : index;
            var expected = job.TryGetValue("score", out var raised) ? Real(raised) : Real(run["score"]) + (at / 2048.0);
            Check(Math.Abs(score - expected) < 0.001, $"{jobId} has seniority {score:R}, it was given {expected:R}");
        }

        if (pool.Scores("delayed").ContainsKey(jobId))
        {
            places.Add("delayed");
        }

        if (holders.TryGetValue(jobId, out var holder))
        {
            places.Add("held by " + holder);
        }

        var place = string.Join(" and ", places);
        var right = status switch
        {
            "queued" => place == "ready" ? !job.ContainsKey("not_before") : place == "delayed" && (job.ContainsKey("not_before") || run.ContainsKey("due_ms")),
            "running" => place == "held by " + job.GetValueOrDefault("device"),
            "passed" or "failed" or "errored" or "cancelled" => place.Length == 0,
            _ => false,
        };
        Check(right, $"{jobId} is {status} but in '{place}'");

        var token = Number(job.GetValueOrDefault("token"));
        Check(token >= _tokens.GetValueOrDefault(jobId), $"{jobId}: the token fell from {_tokens.GetValueOrDefault(jobId)} to {token}");
        _tokens[jobId] = token;

        Check(_verdicts.GetValueOrDefault(jobId, status) == status, $"{jobId} was {_verdicts.GetValueOrDefault(jobId)} and is {status}");
        if (right && place.Length == 0)
        {
            _verdicts[jobId] = status;
        }

        Check(Number(job.GetValueOrDefault("attempts")) <= Number(run["attempts_max"]), $"{jobId} used {job.GetValueOrDefault("attempts")} attempts of {run["attempts_max"]}");
        Check(Number(job.GetValueOrDefault("losses")) <= Limits.InfrastructureLossesMax || status is not ("queued" or "running"), $"{jobId} is {status} after {job.GetValueOrDefault("losses")} losses");
        return status;
    }

    // 2: what is said of a matrix is the sum of its cells, whose retention begins together.
    private void CheckMatrix(PoolSnapshot pool, string matrixId, List<string> cells)
    {
        var matrix = pool.Hash("run:" + matrixId);
        Check(Number(matrix.GetValueOrDefault("cells")) == cells.Count, $"{matrixId} says that it has {matrix.GetValueOrDefault("cells")} cells of {cells.Count}");
        int Sum(string field) => (int)cells.Sum(cell => Number(pool.Hash("run:" + cell).GetValueOrDefault(field)));
        var counts = s_statuses.ToDictionary(status => status, Sum, StringComparer.Ordinal);
        foreach (var status in s_statuses)
        {
            CheckCount(matrix.GetValueOrDefault(status), counts[status], $"{matrixId}'s {status} jobs");
        }

        CheckCount(matrix.GetValueOrDefault("flaky"), Sum("flaky"), $"{matrixId}'s flaky jobs");
        CheckCount(matrix.GetValueOrDefault("planned"), Sum("planned"), $"{matrixId}'s planned jobs");
        var judged = s_statuses.ToDictionary(status => status, status => counts[status] - Sum("excluded_" + status), StringComparer.Ordinal);
        foreach (var field in s_statuses.Select(status => "excluded_" + status).Append("excluded"))
        {
            CheckCount(matrix.GetValueOrDefault(field), Sum(field), $"{matrixId}'s {field}");
        }

        CheckVerdict(pool, matrixId, matrix, counts["queued"] + counts["running"], judged, Sum("planned") - Sum("excluded"), hasDeadline: false);
    }

    private void CheckVerdict(PoolSnapshot pool, string runId, IReadOnlyDictionary<string, string> run, int open, Dictionary<string, int> judged, int planned, bool hasDeadline = true)
    {
        var expected = open > 0 ? null
            : judged["failed"] > 0 ? "failed"
            : judged["errored"] > 0 ? "errored"
            : planned == 0 ? "incomplete"
            : judged["passed"] == planned ? "passed" : "cancelled";
        var ended = Ids.MatrixOf(runId) is { } matrix ? pool.Hash("run:" + matrix).ContainsKey("verdict") : expected is not null;
        Check(run.GetValueOrDefault("verdict") == expected, $"{runId} has verdict {run.GetValueOrDefault("verdict")}, its jobs say {expected}");
        Check(pool.Scores("ended").ContainsKey(runId) == ended, $"{runId} with verdict {expected} is in the index of ended runs: {!ended}");
        foreach (var index in (string[])["expanding", "cancelling", "lapsing", "deadlines"])
        {
            Check(expected is null || !pool.Scores(index).ContainsKey(runId), $"{runId} has ended and is listed in {index}");
        }

        Check(!hasDeadline || Number(run["queued"]) == 0 || pool.Scores("deadlines").ContainsKey(runId), $"{runId} has queued jobs and no deadline");
    }

    private void CheckCount(string? stored, long counted, string what) => Check(Number(stored) == counted, $"stored number of {what}: {stored}, counted: {counted}");
}
