using System.Net;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;

namespace QualGent.Api.Tests.Reports;

/// <summary><c>GET /v1/runs/{id}/report.html</c> over the real queue.</summary>
public sealed class RunPageTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Evil = "<script>alert(1)</script>\"'&";

    [Fact]
    public async Task Page_OfWhateverTestsSay_ContainsItEscapedAndRunsNothing()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "page");
        var submitted = await api.PostAsync("/v1/runs", """{"org_id":"page","app_version_id":"v","target":"simulated","attempts_max":1,"name":"nightly <b>","tests":["a.spec.ts"]}""");
        var job = await agent.BeginAsync();
        ArtifactView[] files =
        [
            new() { Name = "t/screen.png", Kind = ArtifactKind.Screenshot, ContentType = "image/png", Size = 3, State = ArtifactState.Stored, Sha256 = new string('a', 64) },
            new() { Name = "t/data.json", Kind = ArtifactKind.Attachment, ContentType = "application/json", Size = 1234, State = ArtifactState.Stored, Sha256 = new string('b', 64) },
            new() { Name = "t/gone", Kind = ArtifactKind.Attachment, ContentType = "x/y", State = ArtifactState.Missing, Reason = Evil },
        ];
        await agent.KeepAsync(job, 1, pending: false, files);
        await agent.EndAsync(job, JobOutcome.Failed, new AttemptDetails
        {
            Device = "phone-1",
            Phases = new AttemptPhases { TestingMs = 61_000 },
            Tests = [new TestCaseView { Title = Evil, Status = TestCaseStatus.TimedOut, DurationMs = 60_000, Errors = [new TestErrorView(Evil, "at <anonymous>")] }],
        });

        var page = await api.GetAsync($"/v1/runs/{submitted.Text("run.id")}/report.html");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.MediaType));
        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
        Assert.Contains("nightly &lt;b&gt;", page.Body, StringComparison.Ordinal);
        Assert.Contains("timed out</span> &lt;script&gt;alert(1)", page.Body, StringComparison.Ordinal);
        Assert.Contains("testing 1 min 1 s", page.Body, StringComparison.Ordinal);
        Assert.Contains($"src=\"{api.Url}v1/jobs/{job.JobId}/artifacts/attempt-1/t/screen.png\"", page.Body, StringComparison.Ordinal);
        Assert.Contains($"href=\"{api.Url}v1/jobs/{job.JobId}/artifacts/attempt-1/t/data.json\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("missing: &lt;script&gt;", page.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/v1/runs/run_00000000000000000000/report.html")).Status);
    }

    [Fact]
    public async Task Page_OfALongRun_HasEveryTestOnce()
    {
        var tests = Enumerable.Range(0, 120).Select(i => $"t{i}.spec.ts").ToArray();
        var run = (await api.PostAsync("/v1/runs", $$"""{"org_id":"page-long","app_version_id":"v","target":"device","tests":[{{string.Join(',', tests.Select(test => $"\"{test}\""))}}]}""")).Text("run.id");
        var page = (await api.GetAsync($"/v1/runs/{run}/report.html")).Body;
        Assert.All(tests, test => Assert.Equal(2, page.Split($">{test}<").Length));
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
    }
}
