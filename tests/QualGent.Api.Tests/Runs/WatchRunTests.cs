using System.Net;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using QualGent.Testing;

namespace QualGent.Api.Tests.Runs;

public sealed class WatchRunTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Watch_FromSubmissionToVerdict_ShowsEveryChangeAndEnds()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "watch-all");
        var run = await SubmitAsync("watch-all", tests: 3);
        using var stream = await api.WatchAsync(run);
        var snapshot = (await stream.NextAsync())!;
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.MediaType);

        await agent.WorkAsync();
        var events = await stream.ReadToEndAsync();

        Assert.Equal("snapshot", snapshot.Kind);
        Assert.Equal(3, snapshot.Data.GetProperty("jobs").GetArrayLength());
        Assert.Equal("run_ended", events[^1].Kind);
        Assert.Equal("passed", events[^1].Data.GetProperty("run").GetProperty("verdict").GetString());
        var passed = events.Where(e => e.Kind == "job").SelectMany(e => e.Data.GetProperty("jobs").EnumerateArray()).Where(job => job.GetProperty("status").GetString() == "passed");
        Assert.Equal(3, passed.Select(job => job.GetProperty("id").GetString()).Distinct().Count());
        AssertOrdered([snapshot, .. events]);
    }

    [Fact]
    public async Task Watch_WhileAFileRuns_TellsItsTestsAndResumesBetweenThem()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "watch-tests");
        await agent.WorkAsync(); // what other tests of this class left in the queue
        var run = await SubmitAsync("watch-tests", tests: 1);
        var job = await agent.BeginAsync();
        using var stream = await api.WatchAsync(run);
        await stream.NextAsync();
        Assert.Equal(WriteStatus.Done, await agent.ShowTestsAsync(job, passed: 1, planned: 3));
        var first = (await stream.NextAsync())!;
        Assert.Equal(WriteStatus.Done, await agent.ShowTestsAsync(job, passed: 2, planned: 3));
        await agent.EndAsync(job);

        using var resumed = await api.WatchAsync(run, first.Id);
        var rest = await resumed.ReadToEndAsync();

        Assert.Equal("tests", first.Kind);
        var progress = first.Data.GetProperty("progress");
        Assert.Equal((job.JobId, 1, 3, 1), (progress.GetProperty("job_id").GetString(), progress.GetProperty("attempt").GetInt32(), progress.GetProperty("planned").GetInt32(), progress.GetProperty("ended").GetProperty("passed").GetInt32()));
        Assert.Equal("""[{"title":"test 1","status":"passed","duration_ms":12,"retries":0}]""", progress.GetProperty("tests").GetRawText());
        Assert.Equal(["tests", "job", "run_ended"], rest.Select(e => e.Kind));
        Assert.Equal(["tests", "job", "run_ended"], (await stream.ReadToEndAsync()).Select(e => e.Kind));
        Assert.Equal(WriteStatus.Stale, await agent.ShowTestsAsync(job, passed: 3, planned: 3));
    }

    [Fact]
    public async Task Watch_ResumedAfterEveryEvent_LosesAndRepeatsNothing()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "watch-resume");
        var run = await SubmitAsync("watch-resume", tests: 4);
        using var whole = await api.WatchAsync(run);
        var cursor = (await whole.NextAsync())!.Id;
        await agent.WorkAsync();
        var expected = (await whole.ReadToEndAsync()).Select(e => e.Id).ToArray();

        var resumed = new List<string>();
        while (true)
        {
            using var piece = await api.WatchAsync(run, cursor);
            if (piece.Response.StatusCode == HttpStatusCode.NoContent)
            {
                break;
            }

            var next = (await piece.NextAsync())!;
            cursor = next.Id;
            resumed.Add(cursor);
            Assert.True(resumed.Count <= expected.Length, $"Event {cursor} came again.");
        }

        Assert.InRange(expected.Length, 5, 100);
        Assert.Equal(expected, resumed);
    }

    [Fact]
    public async Task Watch_ByQueryCursor_ResumesToo()
    {
        var run = await SubmitAsync("watch-query", tests: 1);
        using var stream = await api.WatchAsync(run);
        var cursor = (await stream.NextAsync())!.Id;
        await api.SendAsync("POST", $"/v1/runs/{run}/cancel");

        var rest = await api.GetAsync($"/v1/runs/{run}/events?cursor={cursor}");

        Assert.DoesNotContain("event: snapshot", rest.Body, StringComparison.Ordinal);
        Assert.Contains("event: run_ended", rest.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_AnEndedRun_GivesSnapshotAndEnds()
    {
        var run = await SubmitAsync("watch-ended", tests: 1);
        await api.SendAsync("POST", $"/v1/runs/{run}/cancel");
        using var stream = await api.WatchAsync(run);

        Assert.Equal(["snapshot", "run_ended"], (await stream.ReadToEndAsync()).Select(e => e.Kind));
    }

    [Fact]
    public async Task Watch_BehindEventsThatAreGone_StartsWithASnapshot()
    {
        const int tests = 3;
        var run = await SubmitAsync("watch-trimmed", tests);
        var first = (await api.GetAsync($"/v1/jobs?run_id={run}&limit=1")).Json.GetProperty("jobs")[0].GetProperty("id").GetString();
        await api.SendAsync("POST", $"/v1/jobs/{first}/cancel");
        using var whole = await api.WatchAsync(run);
        var cursor = (await whole.NextAsync())!.Id;
        await api.SendAsync("POST", $"/v1/runs/{run}/cancel");
        await Eventually.GetAsync(async () => (await api.GetAsync($"/v1/runs/{run}")).Text("state")!, state => state == "ended", "the run has ended", TestContext.Current.CancellationToken);
        using (var redis = await api.Redis.ConnectAsync())
        {
            await redis.GetDatabase().ExecuteAsync("XTRIM", $"qg:{{main}}:run:{run}:events", "MAXLEN", 1);
        }

        using var resumed = await api.WatchAsync(run, cursor);
        var events = await resumed.ReadToEndAsync();

        Assert.Equal(["snapshot", "run_ended"], events.Select(e => e.Kind));
        Assert.Equal(tests, events[0].Data.GetProperty("jobs").EnumerateArray().Count(job => job.GetProperty("status").GetString() == "cancelled"));
    }

    [Fact]
    public async Task Watch_BehindWhatIsNoCursor_StartsWithASnapshot()
    {
        var run = await SubmitAsync("watch-no-cursor", tests: 1);
        using var stream = await api.WatchAsync(run, "not a cursor");

        Assert.Equal("snapshot", (await stream.NextAsync())!.Kind);
    }

    [Fact]
    public async Task Watch_ClientGoes_SubscriptionIsFreed()
    {
        var run = await SubmitAsync("watch-gone", tests: 1);
        var streams = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => api.WatchAsync(run)));
        foreach (var stream in streams)
        {
            Assert.Equal("snapshot", (await stream.NextAsync())!.Kind);
        }

        await using var redis = await RedisProbe.ConnectAsync(api);
        await Eventually.GetAsync(() => redis.SubscribersAsync(run), count => count == 1, "the instance watches the run", TestContext.Current.CancellationToken);
        foreach (var stream in streams)
        {
            stream.Dispose();
        }

        await Eventually.GetAsync(() => redis.SubscribersAsync(run), count => count == 0, "nobody watches the run", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Watch_ByFiveHundredClients_CostsOneReaderOfRedis()
    {
        const int clients = 500;
        await using var agent = await TestAgent.RegisterAsync(api, "watch-many");
        var run = await SubmitAsync("watch-many", tests: 10);
        var streams = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => api.WatchAsync(run)));
        foreach (var stream in streams)
        {
            Assert.Equal("snapshot", (await stream.NextAsync())!.Kind);
        }

        await using var redis = await RedisProbe.ConnectAsync(api);
        var before = await redis.CallsAsync("xrange");
        await agent.WorkAsync();
        var seen = await Task.WhenAll(streams.Select(stream => stream.ReadToEndAsync()));

        var expected = seen[0].Select(e => e.Id).ToArray();
        Assert.Equal("run_ended", seen[0][^1].Kind);
        Assert.All(seen, events => Assert.Equal(expected, events.Select(e => e.Id)));

        // Two looks at the stream per read, and hints that come while one is under way: far from one per client.
        Assert.InRange(await redis.CallsAsync("xrange") - before, 1, clients / 2);
        foreach (var stream in streams)
        {
            stream.Dispose();
        }
    }

    [Fact]
    public async Task Watch_ByAClientThatDoesNotRead_LosesNothingOnceItDoes()
    {
        const int tests = 2000;
        await using var agent = await TestAgent.RegisterAsync(api, "watch-slow");
        var run = await SubmitAsync("watch-slow", tests);
        using var slow = await api.WatchAsync(run);
        using var fast = await api.WatchAsync(run);
        var reading = fast.ReadToEndAsync();
        await agent.WorkAsync();
        Assert.Equal("run_ended", (await reading)[^1].Kind);

        var events = await slow.ReadToEndAsync();

        Assert.Equal("run_ended", events[^1].Kind);
        AssertOrdered([.. events.Where((happened, index) => index == 0 || happened.Id != events[index - 1].Id)]);
        var last = events.Where(e => e.Kind != "run_ended").SelectMany(e => e.Data.GetProperty("jobs").EnumerateArray())
            .GroupBy(job => job.GetProperty("id").GetString()).Select(job => job.Last().GetProperty("status").GetString());
        Assert.Equal(tests, last.Count(status => status == "passed"));
    }

    [Fact]
    public async Task Watch_FailedJob_CarriesItsMessage()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "watch-failed");
        var run = await SubmitAsync("watch-failed", tests: 1);
        await agent.WorkAsync(JobOutcome.Failed, VerdictCodes.LoadError);
        using var stream = await api.WatchAsync(run);

        var job = (await stream.NextAsync())!.Data.GetProperty("jobs")[0];

        Assert.Equal("failed", job.GetProperty("status").GetString());
        Assert.Equal("load_error", job.GetProperty("code").GetString());
        Assert.Equal("as told", job.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Watch_OfVerdicts_NamesWhatEachRestsOn()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "watch-evidence");
        await agent.WorkAsync(); // what other tests of this class left in the queue
        var run = await SubmitAsync("watch-evidence", tests: 1);
        using var stream = await api.WatchAsync(run);
        await agent.EndAsync(await agent.BeginAsync(), JobOutcome.Failed, RestingOn("#1 fileBegin", "#2 testEnd failed", "#4 fileEnd failed"), installed: true);
        var failed = await JobAsync(stream, job => job.GetProperty("attempts").GetInt32() == 1);
        var again = await agent.BeginAsync();
        var running = await JobAsync(stream, job => job.TryGetProperty("phase", out var phase) && phase.GetString() == "testing");
        await agent.EndAsync(again, JobOutcome.Passed, RestingOn("#1 fileBegin", "#7 fileEnd passed", "#8 end"), installed: false);
        var passed = await JobAsync(stream, job => job.GetProperty("status").GetString() == "passed");

        Assert.Equal("""["#1 fileBegin","#2 testEnd failed","#4 fileEnd failed"]""", failed.GetProperty("events").GetRawText());
        Assert.True(failed.GetProperty("installed").GetBoolean());
        Assert.False(running.TryGetProperty("events", out _));
        Assert.Equal("""["#1 fileBegin","#7 fileEnd passed","#8 end"]""", passed.GetProperty("events").GetRawText());
        Assert.False(passed.GetProperty("installed").GetBoolean());
        Assert.Equal((2, again.JobId), (passed.GetProperty("attempts").GetInt32(), passed.GetProperty("id").GetString()));
        Assert.All(["device_id", "provider", "agent_id", "batch_id"], name => Assert.NotEqual("", passed.GetProperty(name).GetString()));
        Assert.NotEqual(failed.GetProperty("batch_id").GetString(), passed.GetProperty("batch_id").GetString());
        Assert.Equal(passed.GetRawText(), (await api.GetAsync($"/v1/jobs/{again.JobId}")).Body);
    }

    private static AttemptDetails RestingOn(params string[] events) => new() { Device = "s1", Phases = new AttemptPhases(), Events = events, Tests = [] };

    // The next event's job that is as it should be.
    private static async Task<JsonElement> JobAsync(EventStream stream, Predicate<JsonElement> isMeant)
    {
        while (true)
        {
            var happened = await stream.NextAsync() ?? throw new InvalidOperationException("The stream has ended.");
            if (happened.Data.TryGetProperty("jobs", out var jobs) && isMeant(jobs[0]))
            {
                return jobs[0];
            }
        }
    }

    private async Task<string> SubmitAsync(string org, int tests)
    {
        var list = string.Join(",", Enumerable.Range(0, tests).Select(i => $"\"t{i}.js\""));
        return (await api.PostAsync("/v1/runs", $$"""{"org_id":"{{org}}","app_version_id":"v","target":"simulated","tests":[{{list}}]}""")).Text("run.id")!;
    }

    // "1763806888000-0": milliseconds and a number; both only grow.
    private static void AssertOrdered(IReadOnlyList<ServerSentEvent> events)
    {
        var ids = events.Select(e => e.Id.Split('-').Select(long.Parse).ToArray()).Select(id => (id[0], id[1])).ToArray();
        Assert.Equal(ids.Distinct().Order(), ids);
    }
}
