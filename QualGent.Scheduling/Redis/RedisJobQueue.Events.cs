using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Json;
using QualGent.Scheduling.Jobs;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

internal sealed partial class RedisJobQueue
{
    private const string Beginning = "0-0";
    private const int EventsPerRead = 25;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunEvent>?> ReadRunEventsAsync(string runId, string? cursor, CancellationToken cancellationToken)
    {
        if (await reader.RunHashAsync(runId) is not { } run)
        {
            return null;
        }

        if (ParseCursor(cursor) is not { } position || await IsTrimmedAsync(runId, position))
        {
            return await SnapshotAsync(runId);
        }

        // XRANGE answers [["1763806888000-0", ["kind", "job", "jobs", "job_01k9…_0 job_01k9…_1"]], …]
        var entries = (RedisResult[])(await scripts.Database.ExecuteAsync("XRANGE", (RedisKey)scripts.Keys.Events(runId), "(" + cursor, "+", "COUNT", EventsPerRead).InTime())!;
        var events = new List<RunEvent>(entries.Length);
        foreach (var entry in entries)
        {
            var parts = (RedisResult[])entry!;
            var fields = (string[])parts[1]!;
            events.Add(await EventAsync((string)parts[0]!, fields, runId, run));
        }

        return events;
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> WatchRunAsync(string runId, Action onNews, CancellationToken cancellationToken) =>
        hints.SubscribeAsync(scripts.Keys.News(runId), _ => onNews());

    // The cursor is read before the state, so that the state is at least as new and no change falls in between.
    private async Task<IReadOnlyList<RunEvent>?> SnapshotAsync(string runId)
    {
        var last = (RedisResult[])(await scripts.Database.ExecuteAsync("XREVRANGE", (RedisKey)scripts.Keys.Events(runId), "+", "-", "COUNT", 1).InTime())!;
        var cursor = last is [var entry] ? (string)((RedisResult[])entry!)[0]! : Beginning;
        if (await reader.RunHashAsync(runId) is not { } run)
        {
            return null;
        }

        var jobs = await reader.AllJobsAsync(runId, run);
        var snapshot = new RunEvent { Kind = RunEventKind.Snapshot, Cursor = cursor, Run = await reader.ViewAsync(runId, run), Jobs = jobs };
        return run.Has("verdict")
            ? [snapshot, new RunEvent { Kind = RunEventKind.RunEnded, Cursor = cursor, Run = snapshot.Run }]
            : [snapshot];
    }

    // ["kind", "job", "jobs", "job_01k9…_0 job_01k9…_1"], ["kind", "tests", "jobs", "job_01k9…_0", "progress", "{…}"], ["kind", "run_ended", "jobs", ""]
    private async Task<RunEvent> EventAsync(string cursor, string[] fields, string runId, RedisHash run)
    {
        var (kind, jobIds) = (fields[1], fields[3]);
        switch (kind)
        {
            case "run_ended":
                return new RunEvent { Kind = RunEventKind.RunEnded, Cursor = cursor, Run = await reader.RunAsync(runId) };
            case "tests":
                return new RunEvent { Kind = RunEventKind.Tests, Cursor = cursor, Progress = JsonSerializer.Deserialize(fields[5], ContractsJson.Default.TestProgress)! with { JobId = jobIds } };
        }

        var jobs = await Task.WhenAll(jobIds.Split(' ').Select(jobId => ChangedAsync(jobId, runId, run)));
        return new RunEvent { Kind = RunEventKind.Job, Cursor = cursor, Jobs = [.. jobs.SelectMany(views => views)] };
    }

    // A matrix hears of its cells' jobs.
    private async Task<IReadOnlyList<JobView>> ChangedAsync(string jobId, string runId, RedisHash run)
    {
        if (!Ids.TryParseJob(jobId, out var own, out var index))
        {
            throw new InvalidOperationException($"An event of {runId} names '{jobId}'.");
        }

        return own == runId ? await reader.JobsAsync(runId, run, index, 1) : await reader.JobAsync(jobId) is { } job ? [job] : [];
    }

    // Entries behind the cursor are missing when the stream begins behind it and has ever been trimmed.
    private async Task<bool> IsTrimmedAsync(string runId, (long Ms, long Sequence) position)
    {
        var first = (RedisResult[])(await scripts.Database.ExecuteAsync("XRANGE", (RedisKey)scripts.Keys.Events(runId), "-", "+", "COUNT", 1).InTime())!;
        if (first is not [var entry] || ParseCursor((string)((RedisResult[])entry!)[0]!) is not { } start || start.CompareTo(position) <= 0)
        {
            return false;
        }

        // XINFO STREAM answers ["length", 12, …, "entries-added", 12, …]
        var info = (RedisResult[])(await scripts.Database.ExecuteAsync("XINFO", "STREAM", (RedisKey)scripts.Keys.Events(runId)).InTime())!;
        long Field(string name) => (long)info[Array.FindIndex(info, 0, value => Name(value) == name) + 1];
        return Field("entries-added") > Field("length");
    }

    // Names stand at even places; nested entries (first-entry, last-entry) are arrays and are no names.
    private static string? Name(RedisResult value) => value.ToString();

    private static (long Ms, long Sequence)? ParseCursor(string? cursor) =>
        cursor?.Split('-') is [var ms, var sequence]
        && long.TryParse(ms, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var second) ? (first, second) : null;
}
