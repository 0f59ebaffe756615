using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>
/// Reads jobs and runs. Several plain reads travel in one round trip and are not one atomic view: every single hash is, and
/// a client that needs to know when something changed has the run's events.
/// </summary>
internal sealed class QueueReader(QueueScripts scripts)
{
    /// <summary>Jobs that are read in one round trip.</summary>
    public const int JobsPerRead = 500;

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

    private static IReadOnlyList<string> Cells(string runId, RedisHash run) => [.. Enumerable.Range(0, run.Count("cells")).Select(index => Ids.Cell(runId, index))];

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
