using System.Net;
using System.Xml.Linq;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Tests.History;

/// <summary>How tests did, and those that do not count, over HTTP.</summary>
public sealed class TestHistoryTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Tests_OfAnOrganisation_SayHowTheyDid()
    {
        await RunAsync("rates", "a.spec.ts", JobOutcome.Failed);
        await RunAsync("rates", "b.spec.ts", JobOutcome.Passed);

        var page = await api.GetAsync("/v1/tests?org_id=rates&limit=1");

        var test = page.Json.GetProperty("tests")[0];
        Assert.Equal(("a.spec.ts", 0, 0, 1, 1, 5, false), (test.GetProperty("test_path").GetString(), test.GetProperty("pass_rate").GetDouble(), test.GetProperty("flake_rate").GetDouble(), test.GetProperty("runs").GetInt32(), test.GetProperty("executions").GetInt32(), test.GetProperty("duration_p50_ms").GetInt32(), test.GetProperty("quarantined").GetBoolean()));
        Assert.Equal("assertion", test.GetProperty("last_failures")[0].GetProperty("code").GetString());
        Assert.Contains("\"b.spec.ts\"", (await api.GetAsync($"/v1/tests?org_id=rates&cursor={page.Text("next_cursor")}")).Body, StringComparison.Ordinal);
        Assert.Equal("""{"tests":[]}""", (await api.GetAsync("/v1/tests?org_id=rates&flaky=true")).Body);
    }

    [Theory]
    [InlineData("", "org_id")]
    [InlineData("?org_id=a&flaky=maybe", "flaky")]
    [InlineData("?org_id=a&limit=0", "limit")]
    [InlineData("?org_id=a&cursor=", "cursor")]
    [InlineData("?org_id=a&page=2", "page")]
    public async Task Tests_AskedWrongly_NameTheField(string query, string field)
    {
        var answer = await api.GetAsync("/v1/tests" + query);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request", field), (answer.Status, answer.Text("code"), answer.Json.GetProperty("errors")[0].GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Quarantine_OfATest_KeepsItsRunGreenAndIsSaidEverywhere()
    {
        var put = await api.SendAsync("PUT", "/v1/orgs/careful/quarantine", """{"test_path":"tests/a.spec.ts","reason":"see 17"}""");
        Assert.Equal((HttpStatusCode.OK, "tests/a.spec.ts", "see 17"), (put.Status, put.Text("test_path"), put.Text("reason")));
        Assert.Equal($$"""{"tests":[{{put.Body}}]}""", (await api.GetAsync("/v1/orgs/careful/quarantine")).Body);

        var run = await api.PostAsync("/v1/runs", """{"org_id":"careful","app_version_id":"v1","target":"simulated","attempts_max":1,"tests":["tests/a.spec.ts","tests/b.spec.ts"]}""");
        Assert.Equal("tests/a.spec.ts", run.Json.GetProperty("run").GetProperty("quarantined")[0].GetString());
        await using var agent = await TestAgent.RegisterAsync(api, "careful-host");
        await agent.WorkAsync(JobOutcome.Failed, VerdictCodes.Assertion, jobs: 1);
        await agent.WorkAsync();
        await agent.LeaveAsync();

        var view = await api.GetAsync($"/v1/runs/{run.Text("run.id")}");
        Assert.Equal(("passed", "tests/a.spec.ts"), (view.Text("verdict"), view.Json.GetProperty("quarantined")[0].GetString()));
        var job = await api.GetAsync($"/v1/jobs/{run.Json.GetProperty("job_ids")[0]}");
        Assert.Equal(("failed", true), (job.Text("status"), job.Json.GetProperty("quarantined").GetBoolean()));
        var report = XDocument.Parse((await api.GetAsync($"/v1/runs/{run.Text("run.id")}/report.xml")).Body);
        Assert.Empty(report.Descendants("failure"));
        Assert.Contains("In quarantine, does not count. It ended assertion: as told", report.Descendants("skipped").Single().Attribute("message")!.Value, StringComparison.Ordinal);
        Assert.Single(report.Descendants("property"), property => property.Attribute("name")!.Value == "quarantined");

        Assert.Contains("Not counted, in quarantine: tests/a.spec.ts", (await api.GetAsync($"/v1/runs/{run.Text("run.id")}/report.html")).Body, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync("DELETE", "/v1/orgs/careful/quarantine?test_path=tests%2Fa.spec.ts")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.SendAsync("DELETE", "/v1/orgs/careful/quarantine?test_path=tests%2Fa.spec.ts")).Status);
    }

    [Theory]
    [InlineData("PUT", "/v1/orgs/bad/quarantine", """{"test_path":"../x"}""", "test_path")]
    [InlineData("PUT", "/v1/orgs/bad/quarantine", "{}", "test_path")]
    [InlineData("PUT", "/v1/orgs/.bad/quarantine", """{"test_path":"a.spec.ts"}""", "org_id")]
    [InlineData("DELETE", "/v1/orgs/bad/quarantine", null, "test_path")]
    [InlineData("DELETE", "/v1/orgs/bad/quarantine?test=a.spec.ts", null, "test_path")]
    public async Task Quarantine_AskedWrongly_NamesTheFieldAndStoresNothing(string verb, string path, string? body, string field)
    {
        var answer = await api.SendAsync(verb, path, body);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, field), (answer.Status, answer.Json.GetProperty("errors")[0].GetProperty("field").GetString()));
        Assert.Equal("""{"tests":[]}""", (await api.GetAsync("/v1/orgs/bad/quarantine")).Body);
    }

    private async Task RunAsync(string org, string test, JobOutcome outcome)
    {
        await api.PostAsync("/v1/jobs", $$"""{"org_id":"{{org}}","app_version_id":"v1","target":"simulated","attempts_max":1,"test_path":"{{test}}"}""");
        await using var agent = await TestAgent.RegisterAsync(api, $"{org}-{test}");
        await agent.WorkAsync(outcome, outcome == JobOutcome.Failed ? VerdictCodes.Assertion : null);
        await agent.LeaveAsync();
    }
}
