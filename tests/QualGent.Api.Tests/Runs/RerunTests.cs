using System.Net;
using QualGent.Scheduling.Queue;
using QualGent.Testing;

namespace QualGent.Api.Tests.Runs;

/// <summary><c>POST /v1/runs/{id}/rerun-failed</c>, <c>/renew</c> and <c>POST /v1/jobs/{id}/retry</c>.</summary>
public sealed class RerunTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task RerunFailed_AfterAFailure_IsAChildRunOnceHoweverOftenItIsAsked()
    {
        var run = await EndedRunAsync(api, "again", JobOutcome.Failed);

        var first = await api.SendAsync("POST", $"/v1/runs/{run}/rerun-failed", null, null, ("Idempotency-Key", "rerun"));
        var second = await api.SendAsync("POST", $"/v1/runs/{run}/rerun-failed", null, null, ("Idempotency-Key", "rerun"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.Status, second.Status));
        Assert.Equal((run, first.Text("run.id")), (first.Text("run.parent_run_id"), second.Text("run.id")));
        Assert.Equal((1, 1, 2), (Number(first, "planned"), Number(first, "inherited"), Number(first, "ci_attempt")));
        Assert.Equal((run, 1, 2), (second.Text("run.parent_run_id"), Number(second, "inherited"), Number(second, "ci_attempt")));
        Assert.Equal("b.js", (await api.GetAsync($"/v1/jobs/{first.Json.GetProperty("job_ids")[0].GetString()}")).Text("test_path"));
    }

    [Fact]
    public async Task RerunFailed_OfWhatCannotRunAgain_ChangesNothing()
    {
        // The other tests leave runs behind whose leases end and whose jobs wait for devices: there something changes all the time.
        await using var api = new ApiServer();
        await api.InitializeAsync();
        var open = (await api.PostAsync("/v1/runs", """{"org_id":"open","app_version_id":"v1","tests":["a.js"]}""")).Text("run.id");
        var passed = await EndedRunAsync(api, "passed", JobOutcome.Passed);
        var before = await api.DigestAsync();

        await RefusedAsync(api, $"/v1/runs/{open}/rerun-failed", HttpStatusCode.Conflict, "not_ended");
        await RefusedAsync(api, $"/v1/runs/{passed}/rerun-failed", HttpStatusCode.Conflict, "nothing_to_rerun");
        await RefusedAsync(api, "/v1/runs/run_0/rerun-failed", HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(api, "/v1/jobs/job_0/retry", HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(api, $"/v1/jobs/job_{open![4..]}_0/retry", HttpStatusCode.Conflict, "not_ended");
        Assert.Equal("invalid_request", (await api.SendAsync("POST", $"/v1/runs/{open}/rerun-failed", null, null, ("Idempotency-Key", new string('k', 300)))).Text("code"));

        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Renew_OfARunWithALease_KeepsItAndNobodyElses()
    {
        var kept = (await api.PostAsync("/v1/runs", """{"org_id":"kept","app_version_id":"v1","lease_seconds":10,"tests":["a.js"]}""")).Text("run.id");
        var dropped = (await api.PostAsync("/v1/jobs", """{"org_id":"dropped","app_version_id":"v1","lease_seconds":10,"test_path":"a.js"}""")).Text("job.run_id");
        var instant = await api.LapseAsync(kept!);

        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync("POST", $"/v1/runs/{kept}/renew")).Status);

        Assert.InRange(await api.LapseAsync(kept!), instant + 1, instant + 10_000);
        await Eventually.GetAsync(
            async () =>
            {
                await api.SendAsync("POST", $"/v1/runs/{kept}/renew");
                return (await api.GetAsync($"/v1/runs/{dropped}")).Text("state");
            },
            state => state == "ended",
            "the run that nobody renews has ended",
            TestContext.Current.CancellationToken);
        Assert.Equal("cancelled", (await api.GetAsync($"/v1/runs/{dropped}")).Text("verdict"));
        Assert.Equal("open", (await api.GetAsync($"/v1/runs/{kept}")).Text("state"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.SendAsync("POST", "/v1/runs/run_0/renew")).Status);
    }

    [Fact]
    public async Task Retry_OfAPassedJob_RunsItsTestAgain()
    {
        var run = await EndedRunAsync(api, "once-more", JobOutcome.Passed);

        var retry = await api.SendAsync("POST", $"/v1/jobs/job_{run![4..]}_1/retry");

        Assert.Equal(HttpStatusCode.Created, retry.Status);
        Assert.Equal((1, 0), (Number(retry, "planned"), Number(retry, "inherited")));
        Assert.Equal("b.js", (await api.GetAsync($"/v1/jobs/{retry.Json.GetProperty("job_ids")[0].GetString()}")).Text("test_path"));
    }

    private static async Task RefusedAsync(ApiServer api, string path, HttpStatusCode status, string code)
    {
        var answer = await api.SendAsync("POST", path);
        Assert.Equal((status, code), (answer.Status, answer.Text("code")));
    }

    private static int Number(Answer answer, string name) => answer.Json.GetProperty("run").GetProperty(name).GetInt32();

    // Two tests on a device of its own: the first passes, the second as told.
    private static async Task<string?> EndedRunAsync(ApiServer api, string app, JobOutcome second)
    {
        var run = (await api.PostAsync("/v1/runs", $$"""{"org_id":"{{app}}","app_version_id":"{{app}}","target":"simulated","attempts_max":1,"tests":["a.js","b.js"]}""")).Text("run.id");
        await using var agent = await TestAgent.RegisterAsync(api, app);
        await agent.WorkAsync(jobs: 1);
        await agent.WorkAsync(second, second == JobOutcome.Failed ? "assertion" : null);
        await agent.LeaveAsync();
        return run;
    }
}
