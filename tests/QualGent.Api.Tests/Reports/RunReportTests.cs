using System.Net;
using System.Xml.Linq;
using System.Xml.Schema;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using QualGent.Testing;

namespace QualGent.Api.Tests.Reports;

/// <summary><c>GET /v1/runs/{id}/report.xml</c> and <c>GET /v1/jobs/{id}/results</c> over the real queue.</summary>
public sealed class RunReportTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly TestCaseView s_passed = new() { Title = "notes › adds", Status = TestCaseStatus.Passed, DurationMs = 1_500 };
    private static readonly TestCaseView s_failed = new()
    {
        Title = "notes › edits",
        Status = TestCaseStatus.Failed,
        DurationMs = 250,
        Errors = [new TestErrorView("expect(received).toBe(expected)\nExpected: \"<b>\"\u0007\uD83D", "at a.spec.ts:3:1", "a.spec.ts", 3)],
    };

    [Fact]
    public async Task Report_OfAJobThatFailsTwice_HasTheFailureAndItsRerun()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "report-fails");
        var run = await SubmitAsync("report-fails", "a.spec.ts");
        await AttemptAsync(agent, JobOutcome.Failed, s_passed, s_failed);
        await AttemptAsync(agent, JobOutcome.Failed, s_passed, s_failed);
        await agent.LeaveAsync();

        var suite = await SuiteAsync(run);

        Assert.Equal(("2", "1", "0", "0"), ((string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!, (string)suite.Attribute("errors")!, (string)suite.Attribute("skipped")!));
        var cases = suite.Elements("testcase").ToList();
        Assert.Equal(["notes › adds", "notes › edits"], cases.Select(test => (string)test.Attribute("name")!));
        Assert.Equal("1.500", (string)cases[0].Attribute("time")!);
        var failure = cases[1].Element("failure")!;
        Assert.Equal("expect(received).toBe(expected)", (string)failure.Attribute("message")!);
        Assert.Contains("Expected: \"<b>\"\uFFFD\uFFFD", failure.Value, StringComparison.Ordinal);
        Assert.Contains("at a.spec.ts:3:1", failure.Value, StringComparison.Ordinal);
        Assert.StartsWith("Attempt 1: expect", cases[1].Element("rerunFailure")!.Element("stackTrace")!.Value, StringComparison.Ordinal);
        Assert.Equal("failed", Property(suite, "verdict"));
        Assert.Equal("phone-1", Property(suite, "device"));
    }

    [Fact]
    public async Task Report_OfAFlakyJob_IsGreenWithAFlakyFailure()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "report-flaky");
        var run = await SubmitAsync("report-flaky", "a.spec.ts");
        await AttemptAsync(agent, JobOutcome.Failed, s_failed);
        await AttemptAsync(agent, JobOutcome.Passed, s_failed with { Status = TestCaseStatus.Passed, Errors = null });
        await agent.LeaveAsync();

        var suite = await SuiteAsync(run);

        Assert.Equal(("0", "true"), ((string)suite.Attribute("failures")!, Property(suite, "flaky")));
        Assert.Equal("failed", (string)Assert.Single(suite.Elements("testcase")).Element("flakyFailure")!.Attribute("type")!);
        var results = (await api.GetAsync($"/v1/jobs/{(string)suite.Attribute("id")!}/results")).Json.GetProperty("attempts");
        Assert.Equal(["failed", "passed"], results.EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
        Assert.Equal([1, 2], results.EnumerateArray().Select(attempt => attempt.GetProperty("attempt").GetInt32()));
        Assert.True(results[0].GetProperty("phases").GetProperty("queued_ms").GetInt64() >= 0);
        Assert.Equal(1_234, results[0].GetProperty("phases").GetProperty("testing_ms").GetInt64());
    }

    [Theory]
    [InlineData(JobOutcome.Passed, "passed", null)]
    [InlineData(JobOutcome.Failed, "failed", "failure")]
    [InlineData(JobOutcome.Errored, "errored", "error")]
    public async Task Report_OfAJobThatListsNoFailingTest_SaysItInACaseOfTheFile(JobOutcome outcome, string verdict, string? element)
    {
        await using var agent = await TestAgent.RegisterAsync(api, "report-" + verdict);
        var run = await SubmitAsync("report-" + verdict, "a.spec.ts");
        await AttemptAsync(agent, outcome);
        if (outcome != JobOutcome.Passed)
        {
            await AttemptAsync(agent, outcome);
        }

        await agent.LeaveAsync();
        var suite = await SuiteAsync(run);

        var only = Assert.Single(suite.Elements("testcase"));
        Assert.Equal("a.spec.ts", (string)only.Attribute("name")!);
        Assert.Equal(verdict, Property(suite, "verdict"));
        Assert.Equal(element, only.Elements().FirstOrDefault(child => child.Name.LocalName is "failure" or "error")?.Name.LocalName);
    }

    [Fact]
    public async Task Report_OfAnOpenRun_CallsWhatIsMissingAnErrorAndWhatIsCancelledSkipped()
    {
        var run = await SubmitForNobodyAsync("report-open", "a.spec.ts", "b.spec.ts");
        var document = await ReportAsync(run);
        Assert.Equal(["missing", "missing"], document.Descendants("error").Select(error => (string)error.Attribute("type")!));

        await api.PostAsync($"/v1/runs/{run}/cancel", """{"reason":"not needed"}""");
        document = await ReportAsync(run);
        Assert.Empty(document.Descendants("error"));
        Assert.Equal(2, document.Descendants("skipped").Count());
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/v1/runs/run_00000000000000000000/report.xml")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/v1/jobs/job_00000000000000000000_0/results")).Status);
    }

    [Fact]
    public async Task Report_OfARerun_HasThePassesItInheritsMarkedAsSuch()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "report-child");
        var parent = (await api.PostAsync("/v1/runs", """{"org_id":"report-child","app_version_id":"v","target":"simulated","attempts_max":1,"tests":["a.spec.ts","b.spec.ts","c.spec.ts"]}""")).Text("run.id")!;
        await agent.WorkAsync(jobs: 1);
        await agent.WorkAsync(JobOutcome.Failed, VerdictCodes.Assertion);
        var child = (await api.SendAsync("POST", $"/v1/runs/{parent}/rerun-failed")).Text("run.id")!;
        await agent.WorkAsync(jobs: 1);
        await agent.WorkAsync(JobOutcome.Failed, VerdictCodes.Assertion);
        var grandchild = (await api.SendAsync("POST", $"/v1/runs/{child}/rerun-failed")).Text("run.id")!;
        await agent.WorkAsync();
        await agent.LeaveAsync();

        var suites = (await ReportAsync(grandchild)).Root!.Elements("testsuite").ToList();

        Assert.Equal(["c.spec.ts", "b.spec.ts", "a.spec.ts"], suites.Select(suite => (string)suite.Attribute("name")!));
        Assert.Equal([null, "true", "true"], suites.Select(suite => Property(suite, "inherited")));
        Assert.Equal([grandchild, child, parent], suites.Select(suite => Property(suite, "run")));
        Assert.All(suites, suite => Assert.Equal("passed", Property(suite, "verdict")));
    }

    [Fact]
    public async Task Report_OfALongRun_HasEverySuiteOnce()
    {
        var tests = Enumerable.Range(0, 230).Select(i => $"t{i}.spec.ts").ToArray();
        var document = await ReportAsync(await SubmitForNobodyAsync("report-long", tests));
        Assert.Equal(tests, document.Root!.Elements("testsuite").Select(suite => (string)suite.Attribute("name")!));
    }

    private static string? Property(XElement suite, string name) =>
        (string?)suite.Element("properties")!.Elements().SingleOrDefault(property => (string)property.Attribute("name")! == name)?.Attribute("value");

    // The agent may have to wait for the retry to become due.
    private static async Task AttemptAsync(TestAgent agent, JobOutcome outcome, params TestCaseView[] tests)
    {
        var job = await agent.BeginAsync();
        await agent.EndAsync(job, outcome, new AttemptDetails { Device = "phone-1", Phases = new AttemptPhases { TestingMs = 1_234 }, Tests = tests });
    }

    private async Task<XElement> SuiteAsync(string run) => Assert.Single((await ReportAsync(run)).Root!.Elements("testsuite"));

    private async Task<XDocument> ReportAsync(string run)
    {
        var answer = await api.GetAsync($"/v1/runs/{run}/report.xml");
        Assert.Equal((HttpStatusCode.OK, "application/xml"), (answer.Status, answer.MediaType));
        var document = XDocument.Parse(answer.Body);
        var schema = new XmlSchemaSet();
        schema.Add(null, Path.Combine(Repository.Root, "tests/QualGent.Api.Tests/Reports/junit.xsd"));
        document.Validate(schema, (_, e) => Assert.Fail(e.Message));
        return document;
    }

    private Task<string> SubmitAsync(string org, string test) => PostAsync(org, Targets.Simulated, [test]);

    // No agent of these tests serves it.
    private Task<string> SubmitForNobodyAsync(string org, params string[] tests) => PostAsync(org, Targets.Device, tests);

    private async Task<string> PostAsync(string org, string target, string[] tests) => (await api.PostAsync(
        "/v1/runs", $$"""{"org_id":"{{org}}","app_version_id":"v","target":"{{target}}","attempts_max":2,"tests":[{{string.Join(',', tests.Select(test => $"\"{test}\""))}}]}""")).Text("run.id")!;
}
