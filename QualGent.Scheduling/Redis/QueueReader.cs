using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// Reads jobs and runs. Several plain reads travel in one round trip and are not one atomic view: every single hash is, and
/// a client that needs to know when something changed has the run's events.
/// </summary>
internal sealed class QueueReader(QueueScripts scripts)
{
    // A page that finds too little in this many runs ends early; its cursor goes on from there.
    private const int RunsPerPage = 200;
    private const int JobsPerRead = 500;
    private const int RunsPerRead = 100;
    private const int RunsLookedAt = 1_000;

    private IDatabase Database => scripts.Database;

    private RedisKeys Keys => scripts.Keys;

    public async Task<RedisHash?> RunHashAsync(string runId)
    {
        if (!Ids.IsRun(runId))
        {
            return null;
        }

        var run = new RedisHash(await Database.HashGetAllAsync(Keys.Run(runId)).InTime());
        return run.Exists && !run.Has("forgotten") ? run : null;
    }

    public async Task<RunView?> RunAsync(string runId) => await RunHashAsync(runId) is { } run ? await ViewAsync(runId, run) : null;

    /// <summary>A run, with its cells if it has some.</summary>
    public async Task<RunView> ViewAsync(string runId, RedisHash run)
    {
        var view = QueueViews.Run(runId, run);
        var cells = Cells(runId, run);
        if (cells.Count == 0)
        {
            return view;
        }

        var read = await Task.WhenAll(cells.Select(async id => (Id: id, Run: await RunHashAsync(id))));
        return view with { Cells = [.. read.Where(cell => cell.Run is not null).Select(cell => QueueViews.Cell(cell.Id, cell.Run!))] };
    }

    /// <summary>The cells of a matrix; none of a plain or unknown run.</summary>
    public async Task<IReadOnlyList<string>> CellsAsync(string runId) => await RunHashAsync(runId) is { } run ? Cells(runId, run) : [];

    public async Task<JobView?> JobAsync(string jobId)
    {
        if (!Ids.TryParseJob(jobId, out var runId, out var index) || Ids.Job(runId, index) != jobId)
        {
            return null;
        }

        var (reading, listed, job) = (RunHashAsync(runId), Database.ListGetByIndexAsync(Keys.Tests(runId), index).InTime(), JobHashAsync(jobId));
        await Task.WhenAll(reading, listed, job);
        return await reading is { } run && index < run.Count("planned") && ((string?)await listed ?? run.Text("test")) is { } test
            ? QueueViews.Job(jobId, runId, test, await job, run)
            : null;
    }

    /// <summary>All jobs of a run in manifest order, of a matrix cell by cell.</summary>
    public async Task<IReadOnlyList<JobView>> AllJobsAsync(string runId, RedisHash run)
    {
        if (Cells(runId, run) is not { Count: > 0 } cells)
        {
            return await JobsAsync(runId, run);
        }

        var jobs = new List<JobView>();
        foreach (var cell in cells)
        {
            jobs.AddRange(await RunHashAsync(cell) is { } hash ? await JobsAsync(cell, hash) : []);
        }

        return jobs;
    }

    /// <summary>Jobs of a run in manifest order.</summary>
    public async Task<IReadOnlyList<JobView>> JobsAsync(string runId, RedisHash run, int from = 0, int count = int.MaxValue)
    {
        var views = new List<JobView>();
        var end = Math.Min(run.Count("planned"), (long)from + count);
        for (var index = from; index < end;)
        {
            var read = await ReadJobsAsync(runId, run, index, (int)Math.Min(JobsPerRead, end - index));
            foreach (var (test, job) in read)
            {
                views.Add(QueueViews.Job(Ids.Job(runId, index++), runId, test, job, run));
            }

            if (read.Count == 0)
            {
                break; // forgotten a moment ago
            }
        }

        return views;
    }

    /// <summary>Those of a run's jobs that are attached to jobs of other runs.</summary>
    public async Task<IReadOnlyList<AttachedJob>> AttachedAsync(IReadOnlyList<string> jobIds, IReadOnlyList<string> tests)
    {
        var others = await Task.WhenAll(jobIds.Select(jobId => Database.HashGetAsync(Keys.Job(jobId), "attached_to").InTime()));
        return [.. others.Zip(jobIds, tests).Where(job => job.First.HasValue).Select(job => new AttachedJob(job.Second, job.Third, job.First!, Ids.RunOf(job.First!)))];
    }

    /// <summary>Runs newest first. The cursor is the last run looked at.</summary>
    public async Task<RunPage> RunsAsync(RunQuery query)
    {
        var found = new List<RunView>();
        var cursor = query.Cursor;
        for (var looked = 0; looked < RunsLookedAt; looked += RunsPerRead)
        {
            var ids = await RunIdsAsync(query.OrgId, cursor, RunsPerRead);
            foreach (var (id, run) in await Task.WhenAll(ids.Select(async id => (id, await RunHashAsync(id)))))
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
            IReadOnlyList<string> asked = await CellsAsync(query.RunId) is { Count: > 0 } cells ? cells : [query.RunId];
            runs = [.. runCursor is null ? asked : asked.SkipWhile(id => id != runCursor)];
        }

        foreach (var runId in runs)
        {
            if (await RunHashAsync(runId) is { } run && Matches(run, query))
            {
                for (; from < run.Count("planned"); from += JobsPerRead)
                {
                    foreach (var job in await JobsAsync(runId, run, from, JobsPerRead))
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

    private static IReadOnlyList<string> Cells(string runId, RedisHash run) => [.. Enumerable.Range(0, run.Count("cells")).Select(index => Ids.Cell(runId, index))];

    // Run ids sort by age, so a page is a range of ids below the cursor.
    private async Task<List<string>> RunIdsAsync(string? orgId, string? cursor, int count)
    {
        if (cursor is not null && !Ids.IsRun(cursor))
        {
            return [];
        }

        RedisKey key = orgId is null ? Keys.Runs : Keys.OrgRuns(orgId);
        var reply = await Database.ExecuteAsync("ZREVRANGEBYLEX", key, cursor is null ? "+" : "(" + cursor, "-", "LIMIT", 0, count).InTime();
        return [.. ((string[])reply!)];
    }

    // A run of one test has it in its record, others have a list.
    private async Task<IReadOnlyList<(string Test, RedisHash Job)>> ReadJobsAsync(string runId, RedisHash run, int from, int count)
    {
        Task<RedisValue[]> tests = run.Text("test") is { } only ? Task.FromResult<RedisValue[]>([only]) : Database.ListRangeAsync(Keys.Tests(runId), from, from + count - 1).InTime();
        var jobs = Enumerable.Range(from, count).Select(index => JobHashAsync(Ids.Job(runId, index))).ToArray();
        await Task.WhenAll([tests, .. jobs]);
        return [.. (await tests).Zip(jobs, (test, job) => ((string)test!, job.Result))];
    }

    // A job that is attached to another one is what that one is, until it ends by itself; one that its run has left while others
    // wait for its work has ended.
    private async Task<RedisHash> JobHashAsync(string jobId)
    {
        var job = new RedisHash(await Database.HashGetAllAsync(Keys.Job(jobId)).InTime());
        if (job.Text("attached_to") is { } other && !job.Has("status"))
        {
            return new RedisHash(await Database.HashGetAllAsync(Keys.Job(other)).InTime()).With(("left", null), ("attached_to", other));
        }

        return job.Text("left") is { } left
            ? new RedisHash([]).With(("status", left), ("code", job.Text("left_code")), ("message", job.Text("left_message")), ("finished_ms", job.Text("left_ms")))
            : job;
    }
}
