using System.Net;

namespace QualGent.Api.Tests.Jobs;

public sealed class SubmitJobTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Submit_OneJob_IsStoredWithAllDefaults()
    {
        var answer = await api.PostAsync("/v1/jobs", """{"org_id":"qualgent","app_version_id":"xyz123","test_path":"tests/onboarding.spec.js"}""");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var id = answer.Text("job.id");
        Assert.Equal($"/v1/jobs/{id}", answer.Headers["Location"]);
        var stored = await api.GetAsync(answer.Headers["Location"]);
        Assert.Equal(HttpStatusCode.OK, stored.Status);
        // What the answer promised is what is stored, member by member.
        Assert.Equal(answer.Json.GetProperty("job").GetRawText(), stored.Body);
        Assert.Equal("emulator", stored.Text("target"));
        Assert.Equal("android", stored.Text("platform"));
        Assert.Equal("clear", stored.Text("reset"));
        Assert.Equal("queued", stored.Text("status"));
        Assert.Equal(5, stored.Json.GetProperty("priority").GetInt32());
        Assert.Equal(2, stored.Json.GetProperty("attempts_max").GetInt32());
    }

    [Fact]
    public async Task Submit_EverySetting_IsStored()
    {
        var answer = await api.PostAsync("/v1/jobs", """
            {"org_id":"o","app_version_id":"1.2+3","test_path":"a.js","priority":"urgent","target":"device","platform":"ios","labels":{"os":"17","model":"x"},
             "project":"my project","reset":"full","attempts_max":4,"timeout_seconds":30,"queue_timeout_seconds":60}
            """);

        var stored = await api.GetAsync(answer.Headers["Location"]);
        Assert.Equal(answer.Json.GetProperty("job").GetRawText(), stored.Body);
        Assert.Equal(9, stored.Json.GetProperty("priority").GetInt32());
        Assert.Equal("17", stored.Text("labels.os"));
        Assert.Equal("my project", stored.Text("project"));
        Assert.Equal("full", stored.Text("reset"));
        Assert.Equal(4, stored.Json.GetProperty("attempts_max").GetInt32());
    }

    [Fact]
    public async Task Submit_WithoutADeviceThatFits_Warns()
    {
        var answer = await api.PostAsync("/v1/jobs", """{"org_id":"o","app_version_id":"v","test_path":"a.js","target":"browserstack","platform":"ios"}""");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Collection(
            answer.Json.GetProperty("warnings").EnumerateArray(),
            device => Assert.Contains("browserstack/ios", device.GetString(), StringComparison.Ordinal),
            build => Assert.Contains("No build is registered as 'v'", build.GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Submit_WithADeviceThatFits_DoesNotWarn()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "fits");

        var answer = await api.PostAsync("/v1/jobs", """{"org_id":"o","app_version_id":"v","test_path":"a.js","target":"simulated"}""");

        Assert.DoesNotContain(answer.Json.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("device serves", StringComparison.Ordinal));
        var devices = await api.GetAsync("/v1/devices");
        Assert.Equal("simulated", devices.Json.GetProperty("devices")[0].GetProperty("provider").GetString());
        Assert.Equal("fits", (await api.GetAsync("/v1/agents")).Json.GetProperty("agents")[0].GetProperty("name").GetString());
        Assert.True((await api.GetAsync("/v1/queue")).Json.GetProperty("queued").GetInt64() > 0);
    }

    [Fact]
    public async Task Submit_InATrace_StoresTheTraceParent()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var agent = await TestAgent.RegisterAsync(api, "traced");
        await api.PostAsync("/v1/jobs", """{"org_id":"traced","app_version_id":"v","test_path":"a.js","target":"simulated"}""", ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        Assert.Contains(await agent.ClaimTracesAsync(), parent => parent?.Contains(trace, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task List_ByEveryFilter_FindsWhatFits()
    {
        const string body = """{"org_id":"lists","app_version_id":"v1","test_path":"a.js","target":"device"}""";
        var first = (await api.PostAsync("/v1/jobs", body)).Text("job.id");
        var second = (await api.PostAsync("/v1/jobs", body.Replace("v1", "v2", StringComparison.Ordinal))).Text("job.id");
        await api.SendAsync("POST", $"/v1/jobs/{first}/cancel");

        Assert.Equal<IEnumerable<string?>>([second, first], await IdsAsync("org_id=lists"));
        Assert.Equal<IEnumerable<string?>>([first], await IdsAsync("org_id=lists&app_version_id=v1"));
        Assert.Equal<IEnumerable<string?>>([first], await IdsAsync("org_id=lists&status=cancelled"));
        Assert.Equal<IEnumerable<string?>>([second], await IdsAsync("org_id=lists&status=queued"));
        Assert.Equal<IEnumerable<string?>>([second, first], await IdsAsync("org_id=lists&target=device"));
        Assert.Empty(await IdsAsync("org_id=lists&target=emulator"));
        Assert.Empty(await IdsAsync("org_id=nobody"));
    }

    [Fact]
    public async Task List_PageByPage_FindsEveryJobOnce()
    {
        for (var i = 0; i < 7; i++)
        {
            await api.PostAsync("/v1/jobs", """{"org_id":"pages","app_version_id":"v","test_path":"a.js"}""");
        }

        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = await api.GetAsync($"/v1/jobs?org_id=pages&limit=3{cursor}");
            seen.AddRange(page.Json.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!));
            cursor = page.Json.TryGetProperty("next_cursor", out var next) ? $"&cursor={next.GetString()}" : null;
            Assert.InRange(seen.Count, 1, 7);
        }
        while (cursor is not null);
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
    }

    [Fact]
    public async Task Cancel_Twice_AnswersTheSame()
    {
        var id = (await api.PostAsync("/v1/jobs", """{"org_id":"o","app_version_id":"v","test_path":"a.js"}""")).Text("job.id");

        var first = await api.PostAsync($"/v1/jobs/{id}/cancel", """{"reason":"changed my mind"}""");
        var second = await api.SendAsync("POST", $"/v1/jobs/{id}/cancel");

        Assert.Equal("cancelled", first.Text("status"));
        Assert.Equal("changed my mind", first.Text("message"));
        Assert.Equal(first.Body, second.Body);
    }

    private async Task<IEnumerable<string?>> IdsAsync(string query) =>
        (await api.GetAsync($"/v1/jobs?{query}")).Json.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString());
}
