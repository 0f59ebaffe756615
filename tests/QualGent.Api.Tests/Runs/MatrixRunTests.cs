using System.Net;
using System.Xml.Linq;

namespace QualGent.Api.Tests.Runs;

/// <summary><c>POST /v1/runs</c> with a matrix, and how the run is shown.</summary>
public sealed class MatrixRunTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Body = """
        {"org_id":"cells","app_version_id":"v","labels":{"room":"a"},"tests":["a.js","b.js"],"matrix":[{"target":"simulated"},{"target":"device","labels":{"os":"14"}}]}
        """;

    [Fact]
    public async Task Submit_AMatrix_IsStoredAsAnsweredAndRepeatable()
    {
        var answer = await api.PostAsync("/v1/runs", Body, ("Idempotency-Key", "matrix"));
        var again = await api.PostAsync("/v1/runs", Body, ("Idempotency-Key", "matrix"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (answer.Status, again.Status));
        var run = answer.Json.GetProperty("run");
        Assert.Equal(run.GetRawText(), (await api.GetAsync(answer.Headers["Location"])).Body);
        Assert.Equal(answer.Json.GetProperty("job_ids").GetRawText(), again.Json.GetProperty("job_ids").GetRawText());
        Assert.Equal(("mixed", 4, 4), (run.GetProperty("target").GetString(), run.GetProperty("planned").GetInt32(), answer.Json.GetProperty("job_ids").GetArrayLength()));
        var cell = run.GetProperty("cells")[1];
        Assert.Equal("""{"os":"14","room":"a"}""", cell.GetProperty("labels").GetRawText());
        var id = cell.GetProperty("run_id").GetString();
        Assert.Equal((run.GetProperty("id").GetString(), "device"), ((await api.GetAsync($"/v1/runs/{id}")).Text("matrix_run_id"), (await api.GetAsync($"/v1/jobs?run_id={id}")).Json.GetProperty("jobs")[0].GetProperty("target").GetString()));
        Assert.Equal(2, answer.Json.GetProperty("warnings").EnumerateArray().Count(warning => warning.GetString()!.StartsWith("No registered device serves", StringComparison.Ordinal) && warning.GetString()!.Contains("at most 24 h.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Report_OfAMatrix_TellsEqualTestsOfTwoCellsApart()
    {
        var run = (await api.PostAsync("/v1/runs", Body)).Text("run.id");
        using var watch = await api.WatchAsync(run!);
        Assert.Equal(4, (await watch.NextAsync())!.Data.GetProperty("jobs").GetArrayLength());
        await api.SendAsync("POST", $"/v1/runs/{run}/cancel");
        Assert.Equal("run_ended", (await watch.ReadToEndAsync())[^1].Kind);

        var suites = XDocument.Parse((await api.GetAsync($"/v1/runs/{run}/report.xml")).Body).Root!.Elements("testsuite").Select(suite => (string)suite.Attribute("name")!).ToList();

        Assert.Equal(4, suites.Distinct().Count());
        Assert.Contains("a.js [simulated/android, room=a]", suites);
        Assert.Contains("b.js [device/android, os=14, room=a]", suites);
    }

    [Theory]
    [InlineData("[]", "matrix")]
    [InlineData("[{}]", "matrix[0]")]
    [InlineData("[null]", "matrix[0]")]
    [InlineData("""[{"labels":{"os":"14"}},{"labels":{"os":"14"}}]""", "matrix[1]")]
    [InlineData("""[{"target":"toaster"}]""", "matrix[0].target")]
    [InlineData("""[{"labels":{"o s":"14"}}]""", "matrix[0].labels")]
    public async Task Submit_AMatrixThatIsNone_IsRefusedWithItsPlace(string matrix, string field)
    {
        var before = await api.DigestAsync();

        var answer = await api.PostAsync("/v1/runs", $$"""{"org_id":"o","app_version_id":"v","tests":["a.js"],"matrix":{{matrix}}}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (answer.Status, answer.Text("code")));
        Assert.Equal(field, answer.Json.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Submit_MoreTestsTimesCellsThanARunTakes_IsRefused()
    {
        var tests = string.Join(",", Enumerable.Range(0, 1_001).Select(i => $"\"t{i}.js\""));

        var answer = await api.PostAsync("/v1/runs", $$$"""{"org_id":"o","app_version_id":"v","tests":[{{{tests}}}],"matrix":[{"labels":{"os":"13"}},{"labels":{"os":"14"}}]}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("makes 2002 jobs of 1001 tests", answer.Body, StringComparison.Ordinal);
    }
}
