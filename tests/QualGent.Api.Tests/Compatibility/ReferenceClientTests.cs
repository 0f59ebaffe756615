using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Tests.Compatibility;

/// <summary>The two calls of the Python reference, with requests byte by byte as Python clients send them.</summary>
public sealed class ReferenceClientTests(ApiServer api) : IClassFixture<ApiServer>
{
    // What requests.post(url, json=payload) puts on the wire.
    private const string RequestsHeaders = "User-Agent: python-requests/2.28.1\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: close\r\n";
    private const string Payload = """{"org_id": "qualgent", "app_version_id": "xyz123", "test_path": "tests/onboarding.spec.js", "priority": 0, "target": "emulator"}""";

    [Fact]
    public async Task Submit_AsRequestsSendsIt_IsQueued()
    {
        var (status, body) = await RawAsync($"POST /jobs/submit HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n{RequestsHeaders}Content-Length: {Payload.Length}\r\nContent-Type: application/json\r\n\r\n{Payload}");

        Assert.Equal(200, status);
        var member = Assert.Single(JsonDocument.Parse(body).RootElement.EnumerateObject());
        Assert.Equal("job_id", member.Name);
        var job = await api.GetAsync($"/jobs/status/{member.Value.GetString()}");
        Assert.Equal(200, (int)job.Status);
        Assert.Equal(member.Value.GetString(), job.Text("job_id"));
        Assert.Equal("queued", job.Text("status"));
        Assert.Equal("qualgent", job.Text("org_id"));
        Assert.Equal("xyz123", job.Text("app_version_id"));
        Assert.Equal("tests/onboarding.spec.js", job.Text("test_path"));
        Assert.Equal("emulator", job.Text("target"));
        Assert.Equal(0, job.Json.GetProperty("priority").GetInt32());
        Assert.Equal(0, job.Json.GetProperty("retries").GetInt32());
        Assert.True(job.Json.GetProperty("created_at").GetDouble() > 1_700_000_000);
    }

    [Fact]
    public async Task Submit_WithoutAContentType_IsTakenForJson()
    {
        // http.client sends no content type unless told to.
        var (status, body) = await RawAsync($"POST /jobs/submit HTTP/1.1\r\nHost: localhost:8000\r\nAccept-Encoding: identity\r\nConnection: close\r\nContent-Length: {Payload.Length}\r\n\r\n{Payload}");

        Assert.Equal(200, status);
        Assert.Contains("job_id", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12", 9)]
    [InlineData("-3", 0)]
    [InlineData("7", 7)]
    [InlineData("\"7\"", 7)]
    [InlineData("7.9", 7)]
    [InlineData("1e300", 9)]
    public async Task Submit_PriorityOutOfRange_IsCut(string priority, int expected)
    {
        var id = (await api.PostAsync("/jobs/submit", Payload.Replace("\"priority\": 0", $"\"priority\": {priority}", StringComparison.Ordinal))).Text("job_id");

        Assert.Equal(expected, (await api.GetAsync($"/v1/jobs/{id}")).Json.GetProperty("priority").GetInt32());
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData(", \"retries\": 0", 2)]
    [InlineData(", \"retries\": 3", 4)]
    [InlineData(", \"retries\": 1000", 10)]
    [InlineData(", \"retries\": 1, \"colour\": {\"of\": [\"the\", \"sky\"]}", 2)]
    public async Task Submit_Retries_BecomeAttempts(string more, int attempts)
    {
        var id = (await api.PostAsync("/jobs/submit", Payload[..^1] + more + "}")).Text("job_id");

        Assert.Equal(attempts, (await api.GetAsync($"/v1/jobs/{id}")).Json.GetProperty("attempts_max").GetInt32());
    }

    [Theory]
    [InlineData("{}", "org_id app_version_id test_path target", "value_error.missing")]
    [InlineData("""{"org_id": null, "app_version_id": "v", "test_path": "a", "target": "emulator"}""", "org_id", "type_error.none.not_allowed")]
    [InlineData("""{"org_id": ["o"], "app_version_id": "v", "test_path": "a", "target": "emulator"}""", "org_id", "type_error.str")]
    [InlineData("""{"org_id": "o", "app_version_id": "v", "test_path": "a", "target": "emulator", "priority": "high"}""", "priority", "type_error.integer")]
    [InlineData("""{"org_id": "o", "app_version_id": "v", "test_path": "../a", "target": "toaster"}""", "target test_path", "value_error")]
    [InlineData("[]", "", "type_error.dict")]
    [InlineData("{", "", "value_error.jsondecode")]
    [InlineData("""{"org_id": "\ud800", "app_version_id": "v", "test_path": "a", "target": "emulator"}""", "", "value_error.jsondecode")]
    [InlineData("", "", "value_error.jsondecode")]
    public async Task Submit_WithMistakes_AnswersAsFastApiDoes(string body, string fields, string type)
    {
        var before = await api.DigestAsync();

        var answer = await api.PostAsync("/jobs/submit", body);

        Assert.Equal(422, (int)answer.Status);
        var mistakes = answer.Json.GetProperty("detail").EnumerateArray().ToArray();
        Assert.All(mistakes, mistake => Assert.Equal("body", mistake.GetProperty("loc")[0].GetString()));
        Assert.All(mistakes, mistake => Assert.Equal(type, mistake.GetProperty("type").GetString()));
        Assert.All(mistakes, mistake => Assert.False(string.IsNullOrEmpty(mistake.GetProperty("msg").GetString())));
        Assert.Equal(fields.Split(' ', StringSplitOptions.RemoveEmptyEntries), mistakes.SelectMany(mistake => mistake.GetProperty("loc").EnumerateArray().Skip(1)).Select(name => name.GetString()));
        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Submit_FromAForm_IsRefused()
    {
        var answer = await api.SendAsync("POST", "/jobs/submit", Payload, "text/plain");

        Assert.Equal(422, (int)answer.Status);
        Assert.Equal("type_error.dict", answer.Json.GetProperty("detail")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Status_UnknownJob_Is404InFastApisWords()
    {
        var (status, body) = await RawAsync($"GET /jobs/status/abc456 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n{RequestsHeaders}\r\n");

        Assert.Equal(404, status);
        Assert.Contains("""{"detail":"Job not found"}""", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AsTheJobGoes_UsesTheReferencesWords()
    {
        // What waits for a retry here would go on changing under the tests that promise to change nothing.
        await using var api = new ApiServer();
        await api.InitializeAsync();
        await using var agent = await TestAgent.RegisterAsync(api, "reference");
        const string job = """{"org_id": "ref", "app_version_id": "v", "test_path": "a.js", "target": "simulated", "retries": 1}""";
        var retried = (await api.PostAsync("/jobs/submit", job)).Text("job_id");
        await agent.WorkAsync(JobOutcome.Failed, VerdictCodes.Assertion, jobs: 1);
        var waiting = await api.GetAsync($"/jobs/status/{retried}");
        Assert.Equal("retrying", waiting.Text("status"));
        Assert.Equal(1, waiting.Json.GetProperty("retries").GetInt32());
        Assert.Equal("as told", waiting.Text("fail_reason"));

        var passed = (await api.PostAsync("/jobs/submit", job.Replace("\"ref\"", "\"ref2\"", StringComparison.Ordinal))).Text("job_id");
        await agent.WorkAsync(jobs: 1);
        Assert.Equal("done", (await api.GetAsync($"/jobs/status/{passed}")).Text("status"));

        var failed = (await api.PostAsync("/jobs/submit", job.Replace("\"ref\"", "\"ref3\"", StringComparison.Ordinal))).Text("job_id");
        await agent.WorkAsync(JobOutcome.Failed, VerdictCodes.NotFound, jobs: 1);
        Assert.Equal("failed", (await api.GetAsync($"/jobs/status/{failed}")).Text("status"));
    }

    private async Task<(int Status, string Body)> RawAsync(string request)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var socket = new TcpClient();
        await socket.ConnectAsync(api.Url.Host, api.Url.Port, cancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(cancellationToken);
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        // Chunked: "27\r\n{…}\r\n0\r\n\r\n"
        return (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)]);
    }
}
