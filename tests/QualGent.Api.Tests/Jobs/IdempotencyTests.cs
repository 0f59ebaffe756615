using System.Net;

namespace QualGent.Api.Tests.Jobs;

public sealed class IdempotencyTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Body = """{"org_id":"o1","app_version_id":"v","tests":["a.js","b.js"]}""";

    [Fact]
    public async Task Submit_SameKeyAndBody_AnswersTheFirstIds()
    {
        var first = await api.PostAsync("/v1/runs", Body, ("Idempotency-Key", "key 1"));
        var before = await api.DigestAsync();

        var second = await api.PostAsync("/v1/runs", Body, ("Idempotency-Key", "key 1"));

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.False(first.Headers.ContainsKey("Idempotent-Replay"));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal("true", second.Headers["Idempotent-Replay"]);
        Assert.Equal(first.Text("run.id"), second.Text("run.id"));
        Assert.Equal(first.Json.GetProperty("job_ids").GetRawText(), second.Json.GetProperty("job_ids").GetRawText());
        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Submit_SingleJobAgain_AnswersTheJobAsItIsNow()
    {
        const string job = """{"org_id":"o1","app_version_id":"v","test_path":"a.js"}""";
        var first = await api.PostAsync("/v1/jobs", job, ("Idempotency-Key", "single"));
        await api.SendAsync("POST", $"/v1/jobs/{first.Text("job.id")}/cancel");

        var second = await api.PostAsync("/v1/jobs", job, ("Idempotency-Key", "single"));

        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal(first.Text("job.id"), second.Text("job.id"));
        Assert.Equal("cancelled", second.Text("job.status"));
    }

    [Fact]
    public async Task Submit_SameKeyOtherBody_IsRefused()
    {
        await api.PostAsync("/v1/runs", Body, ("Idempotency-Key", "key 2"));
        var before = await api.DigestAsync();

        var second = await api.PostAsync("/v1/runs", Body + " ", ("Idempotency-Key", "key 2"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, second.Status);
        Assert.Equal("idempotency_key_reused", second.Text("code"));
        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Submit_SameKeyOtherOrganisation_IsAnotherRun()
    {
        var first = await api.PostAsync("/v1/runs", Body, ("Idempotency-Key", "key 3"));
        var second = await api.PostAsync("/v1/runs", Body.Replace("o1", "o2", StringComparison.Ordinal), ("Idempotency-Key", "key 3"));

        Assert.Equal(HttpStatusCode.Created, second.Status);
        Assert.NotEqual(first.Text("run.id"), second.Text("run.id"));
    }

    [Fact]
    public async Task Submit_FiftyAtOnceWithOneKey_MakeOneRun()
    {
        var body = Body.Replace("o1", "crowd", StringComparison.Ordinal);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.PostAsync("/v1/runs", body, ("Idempotency-Key", "crowd"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(49, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Single(answers.Select(answer => answer.Text("run.id")).Distinct());
        Assert.Single((await api.GetAsync("/v1/runs?org_id=crowd")).Json.GetProperty("runs").EnumerateArray());
    }
}
