using System.Net;

namespace QualGent.Api.Tests.Runs;

public sealed class SubmitRunTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Submit_TwoThousandTests_AreAllStoredInOrder()
    {
        var tests = string.Join(",", Enumerable.Range(0, 2_000).Select(i => $"\"t{i}.js\""));

        var answer = await api.PostAsync("/v1/runs", $$"""{"org_id":"big","app_version_id":"v","name":"nightly","tests":[{{tests}}]}""");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var ids = answer.Json.GetProperty("job_ids").EnumerateArray().Select(id => id.GetString()!).ToArray();
        Assert.Equal(2_000, ids.Distinct().Count());
        Assert.Equal("t1999.js", (await api.GetAsync($"/v1/jobs/{ids[1_999]}")).Text("test_path"));
        Assert.Equal("t0.js", (await api.GetAsync($"/v1/jobs/{ids[0]}")).Text("test_path"));
    }

    [Fact]
    public async Task Submit_ARun_IsStoredAsAnswered()
    {
        var answer = await api.PostAsync("/v1/runs", """{"org_id":"o","app_version_id":"v","name":"nightly","priority":"low","target":"device","tests":["a.js","b.js"]}""");

        var run = await api.GetAsync(answer.Headers["Location"]);
        Assert.Equal(answer.Json.GetProperty("run").GetRawText(), run.Body);
        Assert.Equal("nightly", run.Text("name"));
        Assert.Equal("open", run.Text("state"));
        Assert.Equal(2, run.Json.GetProperty("planned").GetInt32());
    }

    [Fact]
    public async Task Cancel_AnOpenRun_EndsItOnce()
    {
        var id = (await api.PostAsync("/v1/runs", """{"org_id":"o","app_version_id":"v","tests":["a.js","b.js"]}""")).Text("run.id");

        var first = await api.PostAsync($"/v1/runs/{id}/cancel", """{"reason":"no time"}""");
        var second = await api.SendAsync("POST", $"/v1/runs/{id}/cancel");

        Assert.Equal("ended", first.Text("state"));
        Assert.Equal("cancelled", first.Text("verdict"));
        Assert.Equal(2, first.Json.GetProperty("counts").GetProperty("cancelled").GetInt32());
        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task List_PageByPage_NewestFirst()
    {
        var submitted = new List<string?>();
        for (var i = 0; i < 5; i++)
        {
            submitted.Add((await api.PostAsync("/v1/runs", """{"org_id":"pages","app_version_id":"v","tests":["a.js"]}""")).Text("run.id"));
        }

        var first = await api.GetAsync("/v1/runs?org_id=pages&limit=3");
        var second = await api.GetAsync($"/v1/runs?org_id=pages&limit=3&cursor={first.Text("next_cursor")}");

        var seen = new[] { first, second }.SelectMany(page => page.Json.GetProperty("runs").EnumerateArray()).Select(run => run.GetProperty("id").GetString());
        Assert.Equal(submitted.Order(StringComparer.Ordinal).Reverse(), seen);
        Assert.False(second.Json.TryGetProperty("next_cursor", out _));
    }
}
