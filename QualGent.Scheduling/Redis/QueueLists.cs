using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Lists of runs and of jobs, a page at a time. A page looks at a bounded number of runs, whatever the filter leaves of them.</summary>
internal sealed class QueueLists(QueueScripts scripts, QueueReader reader)
{
    // A page of jobs that finds too little in this many runs ends early; its cursor goes on from there.
    private const int RunsPerPage = 200;
    private const int RunsPerRead = 100;
    private const int RunsLookedAt = 1_000;

    /// <summary>Runs newest first. The cursor is the last run looked at.</summary>
    public async Task<RunPage> RunsAsync(RunQuery query)
    {
        var found = new List<RunView>();
        var cursor = query.Cursor;
        for (var looked = 0; looked < RunsLookedAt; looked += RunsPerRead)
        {
            var ids = await RunIdsAsync(query.OrgId, cursor, RunsPerRead);
            foreach (var (id, run) in await Task.WhenAll(ids.Select(async id => (id, await reader.RunHashAsync(id)))))
            {
                if (run is not null && Ids.MatrixOf(id) is null && Matches(run, query))
                {
                    if (found.Count == query.Limit)
                    {
                        return new RunPage(found, cursor);
                    }

                    found.Add(QueueViews.Run(id, run));
                }

                cursor = id;
            }

            if (ids.Count < RunsPerRead)
            {
                return new RunPage(found, null);
            }
        }

        return new RunPage(found, cursor);
    }

    /// <summary>Jobs newest run first, inside a run in manifest order. The cursor is the last job looked at.</summary>
    public async Task<JobPage> JobsAsync(JobQuery query)
    {
        var found = new List<JobView>();
        var from = 0;
        string? runCursor = null;
        var runs = new List<string>();
        if (query.Cursor is not null)
        {
            if (!Ids.TryParseJob(query.Cursor, out runCursor, out from))
            {
                return new JobPage([], null);
            }

            runs.Add(runCursor);
            from++;
        }

        if (query.RunId is null)
        {
            runs.AddRange(await RunIdsAsync(query.OrgId, runCursor, RunsPerPage));
        }
        else
        {
            IReadOnlyList<string> asked = await reader.CellsAsync(query.RunId) is { Count: > 0 } cells ? cells : [query.RunId];
            runs = [.. runCursor is null ? asked : asked.SkipWhile(id => id != runCursor)];
        }

        foreach (var runId in runs)
        {
            if (await reader.RunHashAsync(runId) is { } run && Matches(run, query))
            {
                for (; from < run.Count("planned"); from += QueueReader.JobsPerRead)
                {
                    foreach (var job in await reader.JobsAsync(runId, run, from, QueueReader.JobsPerRead))
                    {
                        if (query.Status is { } status && job.Status != status)
                        {
                            continue;
                        }

                        if (found.Count == query.Limit)
                        {
                            return new JobPage(found, found[^1].Id);
                        }

                        found.Add(job);
                    }
                }
            }

            from = 0;
        }

        // The scan ended early: the next page goes on behind the last run's last job.
        var next = query.RunId is null && runs.Count >= RunsPerPage ? Ids.Job(runs[^1], Limits.TestsPerRun) : null;
        return new JobPage(found, next);
    }

    private static bool Matches(RedisHash run, RunQuery query) =>
        (query.State is not { } state || run.Has("verdict") == (state == RunState.Ended))
        && (query.Verdict is not { } verdict || run.Enum<RunVerdict>("verdict") == verdict)
        && (query.AppVersionId is null || run.Text("app") == query.AppVersionId)
        && (query.Name is null || run.Text("name")?.Contains(query.Name, StringComparison.OrdinalIgnoreCase) == true);

    // A matrix has no jobs of its own.
    private static bool Matches(RedisHash run, JobQuery query) =>
        !run.Has("cells")
        && (query.OrgId is null || run.Text("org") == query.OrgId)
        && (query.AppVersionId is null || run.Text("app") == query.AppVersionId)
        && (query.Target is null || RequirementClass.Parse(run.Required("class")).Target == query.Target)
        && (query.Status is not { } status || run.Count(status.ToString().ToLowerInvariant()) > 0);

    // Run ids sort by age, so a page is a range of ids below the cursor.
    private async Task<List<string>> RunIdsAsync(string? orgId, string? cursor, int count)
    {
        if (cursor is not null && !Ids.IsRun(cursor))
        {
            return [];
        }

        RedisKey key = orgId is null ? scripts.Keys.Runs : scripts.Keys.OrgRuns(orgId);
        var reply = await scripts.Database.ExecuteAsync("ZREVRANGEBYLEX", key, cursor is null ? "+" : "(" + cursor, "-", "LIMIT", 0, count).InTime();
        return [.. ((string[])reply!)];
    }
}
