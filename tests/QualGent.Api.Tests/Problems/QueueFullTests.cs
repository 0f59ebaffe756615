using System.Net;
using QualGent.Contracts;

namespace QualGent.Api.Tests.Problems;

/// <summary>Whatever is full, a submission is answered 429 with a code and a time to wait, and nothing of it is stored.</summary>
public sealed class QueueFullTests : IAsyncLifetime
{
    private readonly ApiServer _api = new() { Settings = { ["Scheduling__QueuedPerOrgMax"] = "3", ["Scheduling__QueuedMax"] = "4" } };

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Submit_BeyondALimitOfQueuedJobs_Is429AndStoresNothing()
    {
        var ended = (await _api.PostAsync("/v1/runs", Run("acme", 2))).Text("run.id");
        await _api.SendAsync("POST", $"/v1/runs/{ended}/cancel");
        Assert.Equal(HttpStatusCode.Created, (await _api.PostAsync("/v1/runs", Run("acme", 2))).Status);

        await AssertFullAsync("/v1/runs", Run("acme", 2), "queued_max");
        await AssertFullAsync($"/v1/runs/{ended}/rerun-failed", null, "queued_max");
        Assert.Equal(HttpStatusCode.Created, (await _api.PostAsync("/v1/jobs", Job("acme"))).Status);
        await AssertFullAsync("/v1/jobs", Job("acme"), "queued_max");

        await AssertFullAsync("/v1/runs", Run("other", 2), "Scheduling:QueuedMax");
        Assert.Equal(HttpStatusCode.Created, (await _api.PostAsync("/v1/jobs", Job("other"))).Status);
        await AssertFullAsync("/v1/jobs", Job("other"), "Scheduling:QueuedMax");
    }

    [Fact]
    public async Task Submit_BeyondTheLimitAnOrganisationWasGiven_Is429AndStoresNothing()
    {
        Assert.Equal(HttpStatusCode.OK, (await _api.SendAsync("PATCH", "/v1/orgs/acme", """{"queued_max":1}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await _api.PostAsync("/v1/jobs", Job("acme"))).Status);

        await AssertFullAsync("/v1/jobs", Job("acme"), "queued_max");
    }

    [Fact]
    public async Task Submit_WhenRedisHasNoMemoryLeft_Is429AndStoresNothing_AndCancellingStillWorks()
    {
        var job = (await _api.PostAsync("/v1/jobs", Job("acme"))).Text("job.id");
        using var redis = await _api.Redis.ConnectAsync();
        await redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");

        await AssertFullAsync("/v1/jobs", Job("acme"), "maxmemory");
        await AssertFullAsync("/v1/runs", Run("acme", 2), "maxmemory");

        Assert.Equal("cancelled", (await _api.SendAsync("POST", $"/v1/jobs/{job}/cancel")).Text("status"));
        await redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.Equal(HttpStatusCode.Created, (await _api.PostAsync("/v1/jobs", Job("acme"))).Status);
    }

    private async Task AssertFullAsync(string path, string? body, string reason)
    {
        var before = await _api.DigestAsync();

        var answer = await _api.SendAsync("POST", path, body);

        Assert.Equal((HttpStatusCode.TooManyRequests, ProblemCodes.QueueFull, "application/problem+json"), (answer.Status, answer.Text("code"), answer.MediaType));
        Assert.Equal("30", answer.Headers["Retry-After"]);
        Assert.Contains(reason, answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, await _api.DigestAsync());
    }

    private static string Job(string org) => $$"""{"org_id":"{{org}}","app_version_id":"v","test_path":"a.js"}""";

    private static string Run(string org, int tests) =>
        $$"""{"org_id":"{{org}}","app_version_id":"v","tests":[{{string.Join(",", Enumerable.Range(0, tests).Select(i => $"\"t{i}.js\""))}}]}""";
}
