using System.Net;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Tests.Logs;

/// <summary><c>GET /v1/jobs/{id}/log</c> over the real queue.</summary>
public sealed class ReadLogTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Text_OfAJobThatRuns_IsWhatWasPrintedSoFar()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "log-text");
        var id = await SubmitAsync("log-text");
        var job = await agent.BeginAsync();
        await agent.PrintAsync(job, 2, false, "one", "two");
        await agent.PrintAsync(job, 4, false, "four");

        var answer = await api.GetAsync($"/v1/jobs/{id}/log");

        Assert.Equal((HttpStatusCode.OK, "text/plain"), (answer.Status, answer.MediaType));
        Assert.Equal("one\ntwo\n[… 1 line left out …]\nfour\n", answer.Body);
        Assert.Equal("", (await api.GetAsync($"/v1/jobs/{id}/log?attempt=2")).Body);
        await agent.EndAsync(job);
    }

    [Fact]
    public async Task Follow_WhileTheTestRuns_ShowsEachLineAndEndsWithTheJob()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "log-follow");
        var id = await SubmitAsync("log-follow");
        using var stream = await api.FollowAsync(id, "follow=true");
        var job = await agent.BeginAsync();
        await agent.PrintAsync(job, 1, false, "it \"begins\"");
        Assert.Equal(["it \"begins\""], Lines((await stream.NextAsync())!)); // the test still runs
        await agent.EndAsync(job);
        await agent.PrintAsync(job, 2, true, "last words");

        var rest = await stream.ReadToEndAsync();

        Assert.Equal(["lines", "end"], rest.Select(e => e.Kind));
        Assert.Equal(["last words"], Lines(rest[0]));
        Assert.Equal("it \"begins\"\nlast words\n", (await api.GetAsync($"/v1/jobs/{id}/log?follow=true")).Body);
    }

    [Fact]
    public async Task Follow_ResumedAfterEveryEvent_LosesAndRepeatsNothing()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "log-resume");
        var id = await SubmitAsync("log-resume");
        var job = await agent.BeginAsync();
        for (var line = 1; line <= 5; line++)
        {
            await agent.PrintAsync(job, line, line == 5, $"line {line}");
        }

        await agent.EndAsync(job);
        var (seen, cursor) = (new List<string>(), (string?)null);
        while (true)
        {
            using var stream = await api.FollowAsync(id, "follow=true", cursor);
            var next = (await stream.NextAsync())!;
            if (next.Kind == "end")
            {
                break;
            }

            seen.AddRange(Lines(next));
            cursor = next.Id;
        }

        Assert.Equal(["line 1", "line 2", "line 3", "line 4", "line 5"], seen);
    }

    [Fact]
    public async Task Follow_AJobWhoseFirstAttemptFails_GoesOnWithTheNext()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "log-retry");
        var id = await SubmitAsync("log-retry");
        using var both = await api.FollowAsync(id, "follow=true");
        using var first = await api.FollowAsync(id, "follow=true&attempt=1");
        var job = await agent.BeginAsync();
        await agent.PrintAsync(job, 1, true, "attempt one");
        await agent.EndAsync(job, JobOutcome.Failed);

        Assert.Equal(["lines", "end"], (await first.ReadToEndAsync()).Select(e => e.Kind));
        Assert.Equal(["attempt one"], Lines((await both.NextAsync())!));
        await api.PostAsync($"/v1/jobs/{id}/cancel", "{}");
        Assert.Equal(["end"], (await both.ReadToEndAsync()).Select(e => e.Kind)); // after the seconds a dead agent is given
    }

    [Fact]
    public async Task Log_AskedForWrongly_IsAProblemDocument()
    {
        var id = await SubmitAsync("log-wrong");
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/v1/jobs/job_00000000000000000000_0/log")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.GetAsync($"/v1/jobs/{id}/log?attempt=0")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.GetAsync($"/v1/jobs/{id}/log?follow=yes")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.GetAsync($"/v1/jobs/{id}/log?atempt=1")).Status);
    }

    private static IEnumerable<string> Lines(ServerSentEvent e) => e.Data.GetProperty("lines").EnumerateArray().Select(line => line.GetString()!);

    private async Task<string> SubmitAsync(string name)
    {
        var answer = await api.PostAsync("/v1/jobs", $$"""{"org_id":"{{name}}","app_version_id":"v1","test_path":"tests/a.spec.ts","target":"simulated","attempts_max":2}""");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Text("job.id")!;
    }
}
