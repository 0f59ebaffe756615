using System.Net;
using System.Text.Json;

namespace QualGent.Api.Tests.Problems;

/// <summary>Every kind of bad request: a defined answer that names the offending field, and nothing stored.</summary>
public sealed class BadInputTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Good = """{"org_id":"qualgent","app_version_id":"xyz123","test_path":"tests/a.spec.js"}""";

    /// <summary>Method, path, body, status, code, field (or null where no field is to blame).</summary>
    public static TheoryData<string, string, string?, int, string, string?> Rows => new()
    {
        { "POST", "/v1/jobs", Job("target", "\"toaster\""), 422, "invalid_request", "target" },
        { "POST", "/v1/jobs", Job("org_id", "\"\""), 422, "invalid_request", "org_id" },
        { "POST", "/v1/jobs", Job("org_id", "null"), 422, "invalid_request", "org_id" },
        { "POST", "/v1/jobs", Job("test_path", "\"../secret.js\""), 422, "invalid_request", "test_path" },
        { "POST", "/v1/jobs", Job("test_path", $"\"{new string('a', 1_048_576)}\""), 422, "invalid_request", "test_path" },
        { "POST", "/v1/jobs", Job("priority", "11"), 422, "invalid_request", "priority" },
        { "POST", "/v1/jobs", Job("priority", "\"soon\""), 400, "malformed_json", "priority" },
        { "POST", "/v1/jobs", Job("priority", "1.5"), 400, "malformed_json", "priority" },
        { "POST", "/v1/jobs", Job("priorty", "1"), 400, "malformed_json", "priorty" },
        { "POST", "/v1/jobs", Job("OrgId", "\"a\""), 400, "malformed_json", "OrgId" },
        { "POST", "/v1/jobs", Job("timeout_seconds", "\"10\""), 400, "malformed_json", "timeout_seconds" },
        { "POST", "/v1/jobs", Job("not_before", "\"9999-12-31T23:59:59Z\""), 422, "invalid_request", "not_before" },
        { "POST", "/v1/jobs", Job("not_before", "\"soon\""), 400, "malformed_json", "not_before" },
        { "POST", "/v1/jobs", Job("dedup", "\"in_flight\""), 422, "invalid_request", "dedup" },
        { "POST", "/v1/jobs", Job("dedup", "\"always\""), 422, "invalid_request", "dedup" },
        { "POST", "/v1/jobs", Job("dedup", "true"), 400, "malformed_json", "dedup" },
        { "POST", "/v1/runs", """{"org_id":"qualgent","app_version_id":"xyz123","tests":["a.js"],"dedup":"in_flight"}""", 422, "invalid_request", "dedup" },
        { "POST", "/v1/jobs", Job("not_before", "10000-01-01"), 400, "malformed_json", null },
        { "POST", "/v1/jobs", Job("labels", """{"os":14}"""), 400, "malformed_json", "labels.os" },
        { "POST", "/v1/jobs", Job("labels", """{"os":"1","os":"2"}"""), 400, "malformed_json", "labels.os" },
        { "POST", "/v1/jobs", Job("test_path", "[]"), 400, "malformed_json", "test_path" },
        { "POST", "/v1/jobs", Job("test_path", "\"\\ud800\""), 400, "malformed_json", "test_path" },
        { "POST", "/v1/jobs", """{"org_id":"a","org_id":"b"}""", 400, "malformed_json", "org_id" },
        { "POST", "/v1/jobs", """{"org_id":"a",}""", 400, "malformed_json", null },
        { "POST", "/v1/jobs", """{"org_id":""", 400, "malformed_json", null },
        { "POST", "/v1/jobs", Good + "{}", 400, "malformed_json", null },
        { "POST", "/v1/jobs", "", 400, "malformed_json", null },
        { "POST", "/v1/jobs", "null", 400, "malformed_json", null },
        { "POST", "/v1/jobs", "[" + Good + "]", 400, "malformed_json", null },
        { "POST", "/v1/jobs", new string('[', 5_000), 400, "malformed_json", null },
        { "POST", "/v1/runs", Run(2_001), 422, "invalid_request", "tests" },
        { "POST", "/v1/runs", Run(0), 422, "no_tests", "tests" },
        { "POST", "/v1/runs", """{"org_id":"qualgent","app_version_id":"xyz123"}""", 422, "no_tests", "tests" },
        { "POST", "/v1/runs", """{"org_id":"qualgent","app_version_id":"xyz123","tests":["a.js",3]}""", 400, "malformed_json", "tests[1]" },
        { "POST", "/v1/runs", """{"org_id":"qualgent","app_version_id":"xyz123","tests":["a.js",null]}""", 422, "invalid_request", "tests[1]" },
        { "POST", "/v1/runs", """{"org_id":"qualgent","app_version_id":"xyz123","tests":["a.js","a.js"]}""", 422, "invalid_request", "tests[1]" },
        { "GET", "/v1/jobs/job_01k9zzzzzzzzzzzzzzzz_0", null, 404, "not_found", null },
        { "GET", "/v1/jobs/job_01k9zzzzzzzzzzzzzzzz_00", null, 404, "not_found", null },
        { "GET", "/v1/jobs/anything", null, 404, "not_found", null },
        { "GET", "/v1/jobs/anything/why", null, 404, "not_found", null },
        { "POST", "/v1/jobs/anything/cancel", null, 404, "not_found", null },
        { "GET", "/v1/runs/run_01k9zzzzzzzzzzzzzzzz", null, 404, "not_found", null },
        { "GET", "/v1/runs/anything", null, 404, "not_found", null },
        { "GET", "/v1/runs/anything/events", null, 404, "not_found", null },
        { "POST", "/v1/runs/anything/cancel", null, 404, "not_found", null },
        { "POST", "/v1/jobs/anything/cancel", """{"reson":"typo"}""", 400, "malformed_json", "reson" },
        { "GET", "/v1/nothing", null, 404, "not_found", null },
        { "GET", "/", null, 404, "not_found", null },
        { "PUT", "/v1/jobs", Good, 405, "method_not_allowed", null },
        { "DELETE", "/v1/runs/anything", null, 405, "method_not_allowed", null },
        { "POST", "/v1/queue", "{}", 405, "method_not_allowed", null },
        { "POST", "/v1/jobs", Job("labels", $"{{\"os\":\"{new string('4', 10_000)}\"}}"), 422, "invalid_request", "labels" },
        { "PATCH", "/v1/orgs/acme", """{"weight":0}""", 422, "invalid_request", "weight" },
        { "PATCH", "/v1/orgs/acme", """{"weight":-1}""", 422, "invalid_request", "weight" },
        { "PATCH", "/v1/orgs/acme", """{"weight":64.5}""", 422, "invalid_request", "weight" },
        { "PATCH", "/v1/orgs/acme", """{"weight":1e400}""", 422, "invalid_request", "weight" },
        { "PATCH", "/v1/orgs/acme", """{"weight":NaN}""", 400, "malformed_json", null },
        { "PATCH", "/v1/orgs/acme", """{"weight":"NaN"}""", 400, "malformed_json", "weight" },
        { "PATCH", "/v1/orgs/acme", """{"weight":1,"cap":0}""", 422, "invalid_request", "cap" },
        { "PATCH", "/v1/orgs/acme", """{"cap":-1}""", 422, "invalid_request", "cap" },
        { "PATCH", "/v1/orgs/acme", """{"cap":1.5}""", 400, "malformed_json", "cap" },
        { "PATCH", "/v1/orgs/acme", """{"cap":100001}""", 422, "invalid_request", "cap" },
        { "PATCH", "/v1/orgs/acme", """{"queued_max":0}""", 422, "invalid_request", "queued_max" },
        { "PATCH", "/v1/orgs/acme", """{"wieght":2}""", 400, "malformed_json", "wieght" },
        { "PATCH", "/v1/orgs/acme", "{}", 422, "invalid_request", "weight" },
        { "PATCH", "/v1/orgs/a%7Cb", """{"weight":2}""", 422, "invalid_request", "org_id" },
        { "GET", "/v1/orgs/.hidden", null, 422, "invalid_request", "org_id" },
        { "DELETE", "/v1/orgs/acme", null, 405, "method_not_allowed", null },
        { "POST", "/v1/queue/pause", """{"app_version_id":"v1"}""", 422, "invalid_request", "org_id" },
        { "POST", "/v1/queue/pause", """{"org_id":"*"}""", 422, "invalid_request", "org_id" },
        { "POST", "/v1/queue/pause", """{"org":"acme"}""", 400, "malformed_json", "org" },
        { "POST", "/v1/queue/resume", """{"org_id":"a|b"}""", 422, "invalid_request", "org_id" },
        { "POST", "/v1/devices/dev_unknown/drain", null, 404, "not_found", null },
        { "POST", "/v1/devices/dev_unknown/resume", null, 404, "not_found", null },
        { "POST", "/v1/devices/dev_unknown/quarantine", null, 404, "not_found", null },
        { "POST", "/v1/devices/dev_unknown/explode", null, 404, "not_found", null },
        { "GET", "/v1/jobs?status=done", null, 422, "invalid_request", "status" },
        { "GET", "/v1/jobs?status=1", null, 422, "invalid_request", "status" },
        { "GET", "/v1/jobs?limit=0", null, 422, "invalid_request", "limit" },
        { "GET", "/v1/jobs?limit=501", null, 422, "invalid_request", "limit" },
        { "GET", "/v1/jobs?target=toaster", null, 422, "invalid_request", "target" },
        { "GET", "/v1/jobs?org=qualgent", null, 422, "invalid_request", "org" },
        { "GET", "/v1/jobs?cursor=abc", null, 422, "invalid_request", "cursor" },
        { "GET", "/v1/runs?cursor=abc", null, 422, "invalid_request", "cursor" },
        { "GET", "/v1/runs?limit=many", null, 422, "invalid_request", "limit" },
        { "GET", "/v1/runs?verdict=green", null, 422, "invalid_request", "verdict" },
        { "GET", "/v1/runs?state=0", null, 422, "invalid_request", "state" },
        { "GET", "/v1/runs?status=open", null, 422, "invalid_request", "status" },
    };

    [Theory]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public async Task Request_WithAMistake_IsRefusedAndStoresNothing(string method, string path, string? body, int status, string code, string? field)
    {
        var before = await api.DigestAsync();

        var answer = await api.SendAsync(method, path, body);

        AssertProblem(answer, status, code, field);
        Assert.Equal(before, await api.DigestAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData(null)]
    public async Task Submit_WithAnotherContentType_Is415(string? contentType)
    {
        var before = await api.DigestAsync();

        AssertProblem(await api.SendAsync("POST", "/v1/jobs", Good, contentType), 415, "unsupported_media_type", null);
        AssertProblem(await api.SendAsync("POST", "/v1/runs", Run(1), contentType), 415, "unsupported_media_type", null);

        Assert.Equal(before, await api.DigestAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    [InlineData("129")]
    public async Task Submit_WithABadIdempotencyKey_NamesTheHeader(string key)
    {
        var before = await api.DigestAsync();

        var answer = await api.PostAsync("/v1/jobs", Good, ("Idempotency-Key", key == "129" ? new string('k', 129) : key));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        AssertProblem(answer, 422, "invalid_request", "Idempotency-Key");
        Assert.Equal(before, await api.DigestAsync());
    }

    // Clients of large bodies ask first, as curl does; one that does not may see its connection closed before it reads the answer.
    [Fact]
    public async Task Submit_MoreThanTheBodyLimit_Is413()
    {
        var before = await api.DigestAsync();

        var answer = await api.PostAsync("/v1/jobs", Job("test_path", $"\"{new string('a', 3 * 1_048_576)}\""), ("Expect", "100-continue"));

        AssertProblem(answer, 413, "body_too_large", null);
        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Submit_WithManyMistakes_NamesEveryField()
    {
        var answer = await api.PostAsync("/v1/jobs", """{"priority":11,"target":"toaster","test_path":"/abs"}""", ("Idempotency-Key", new string('k', 129)));

        Assert.Equal(
            ["Idempotency-Key", "app_version_id", "org_id", "priority", "target", "test_path"],
            answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task List_WithManyMistakes_NamesEveryField()
    {
        var answer = await api.GetAsync("/v1/jobs?status=done&limit=x&target=t&since=1");

        Assert.Equal(
            ["limit", "since", "status", "target"],
            answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WrongMethod_SaysWhichAreRight() => Assert.Equal("GET, POST", (await api.SendAsync("DELETE", "/v1/jobs")).Headers["Allow"]);

    private static void AssertProblem(Answer answer, int status, string code, string? field)
    {
        Assert.True((int)answer.Status == status, answer.ToString());
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
        Assert.Equal(code, answer.Text("code"));
        Assert.False(string.IsNullOrWhiteSpace(answer.Text("title")));
        Assert.False(string.IsNullOrWhiteSpace(answer.Text("detail")));
        Assert.InRange(answer.Body.Length, 1, 2_000);
        Assert.DoesNotContain("QualGent.", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Body, StringComparison.Ordinal);
        if (field is not null)
        {
            Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
        }
    }

    // The good job with one member set; a member that is there already is replaced.
    private static string Job(string member, string json)
    {
        var members = JsonDocument.Parse(Good).RootElement.EnumerateObject().ToDictionary(known => known.Name, known => known.Value.GetRawText());
        members[member] = json;
        return "{" + string.Join(",", members.Select(known => $"\"{known.Key}\":{known.Value}")) + "}";
    }

    private static string Run(int tests) =>
        $$"""{"org_id":"qualgent","app_version_id":"xyz123","tests":[{{string.Join(",", Enumerable.Range(0, tests).Select(i => $"\"t{i}.js\""))}}]}""";
}
