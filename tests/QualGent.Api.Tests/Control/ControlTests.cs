using System.Net;

namespace QualGent.Api.Tests.Control;

/// <summary>The operator's calls: organisations, pauses, devices.</summary>
public sealed class ControlTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Org_BeforeItsFirstSubmission_HasTheDefaults()
    {
        var before = await api.DigestAsync();

        var answer = await api.GetAsync("/v1/orgs/nobody");

        Assert.Equal((HttpStatusCode.OK, """{"id":"nobody","weight":1,"cap":100000,"queued_max":200000,"npm_scripts":false,"queued":0,"devices":0,"paused":false}"""), (answer.Status, answer.Body));
        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Org_PatchedTwice_KeepsWhatTheSecondLeavesOut()
    {
        await api.SendAsync("PATCH", "/v1/orgs/patched", """{"weight":2.5,"cap":3,"npm_scripts":true}""");
        var answer = await api.SendAsync("PATCH", "/v1/orgs/patched", """{"queued_max":7}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(answer.Body, (await api.GetAsync("/v1/orgs/patched")).Body);
        Assert.Equal("""{"id":"patched","weight":2.5,"cap":3,"queued_max":7,"npm_scripts":true,"queued":0,"devices":0,"paused":false}""", answer.Body);
    }

    [Fact]
    public async Task Pause_AndResume_AreShownByTheQueueAndTheOrganisation()
    {
        var paused = await api.PostAsync("/v1/queue/pause", """{"org_id":"resting","app_version_id":"v1"}""");
        Assert.Equal("""{"paused":[{"org_id":"resting","app_version_id":"v1"}]}""", paused.Body);
        Assert.Equal("""{"paused":[{"org_id":"resting"},{"org_id":"resting","app_version_id":"v1"}]}""", (await api.PostAsync("/v1/queue/pause", """{"org_id":"resting"}""")).Body);
        Assert.Equal(2, (await api.GetAsync("/v1/queue")).Json.GetProperty("paused").GetArrayLength());
        Assert.True((await api.GetAsync("/v1/orgs/resting")).Json.GetProperty("paused").GetBoolean());
        Assert.Equal("""{"paused":[{},{"org_id":"resting"},{"org_id":"resting","app_version_id":"v1"}]}""", (await api.SendAsync("POST", "/v1/queue/pause")).Body);

        await api.PostAsync("/v1/queue/resume", """{"org_id":"resting"}""");
        await api.PostAsync("/v1/queue/resume", "{}");
        Assert.Equal("""{"paused":[]}""", (await api.PostAsync("/v1/queue/resume", """{"org_id":"resting","app_version_id":"v1"}""")).Body);
    }

    [Fact]
    public async Task Device_DrainedAndResumed_TakesNothingInBetween()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "drained");
        var id = (await api.GetAsync("/v1/devices")).Json.GetProperty("devices").EnumerateArray().Single(device => device.GetProperty("host").GetString() == "drained").GetProperty("id").GetString();
        Assert.Equal("draining", (await api.SendAsync("POST", $"/v1/devices/{id}/drain")).Text("state"));
        var job = (await api.PostAsync("/v1/jobs", """{"org_id":"drained","app_version_id":"v1","test_path":"a.js","target":"simulated"}""")).Text("job.id");
        await agent.WorkAsync();
        Assert.Equal("queued", (await api.GetAsync($"/v1/jobs/{job}")).Text("status"));
        Assert.Equal("quarantined", (await api.SendAsync("POST", $"/v1/devices/{id}/quarantine")).Text("state"));

        Assert.Equal("idle", (await api.SendAsync("POST", $"/v1/devices/{id}/resume")).Text("state"));

        await agent.WorkAsync();
        Assert.Equal("passed", (await api.GetAsync($"/v1/jobs/{job}")).Text("status"));
        await agent.LeaveAsync();
    }
}
