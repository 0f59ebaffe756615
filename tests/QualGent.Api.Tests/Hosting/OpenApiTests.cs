namespace QualGent.Api.Tests.Hosting;

public sealed class OpenApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Document_ListsEveryCallWithASummary()
    {
        var document = await api.GetAsync("/openapi/v1.json");

        var calls = document.Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(call => (Name: $"{call.Name.ToUpperInvariant()} {path.Name}", Call: call.Value)))
            .ToArray();
        Assert.Equal(
            [
                "DELETE /v1/orgs/{org}/apps/{appVersionId}", "DELETE /v1/orgs/{org}/hooks/{hook}", "DELETE /v1/orgs/{org}/quarantine",
                "GET /jobs/status/{id}",
                "GET /v1/agents",
                "GET /v1/devices",
                "GET /v1/jobs",
                "GET /v1/jobs/{id}",
                "GET /v1/jobs/{id}/artifacts", "GET /v1/jobs/{id}/artifacts/{name}",
                "GET /v1/jobs/{id}/log",
                "GET /v1/jobs/{id}/results",
                "GET /v1/jobs/{id}/why",
                "GET /v1/orgs/{org}",
                "GET /v1/orgs/{org}/apps", "GET /v1/orgs/{org}/apps/{appVersionId}", "GET /v1/orgs/{org}/blobs/{sha256}",
                "GET /v1/orgs/{org}/hooks", "GET /v1/orgs/{org}/hooks/{hook}/deliveries",
                "GET /v1/orgs/{org}/quarantine",
                "GET /v1/queue",
                "GET /v1/runs",
                "GET /v1/runs/{id}",
                "GET /v1/runs/{id}/artifacts.zip",
                "GET /v1/runs/{id}/events",
                "GET /v1/runs/{id}/report.html",
                "GET /v1/runs/{id}/report.xml",
                "GET /v1/tests",
                "HEAD /v1/orgs/{org}/blobs/{sha256}",
                "PATCH /v1/orgs/{org}",
                "POST /jobs/submit",
                "POST /v1/devices/{id}/drain",
                "POST /v1/devices/{id}/quarantine",
                "POST /v1/devices/{id}/resume",
                "POST /v1/jobs",
                "POST /v1/jobs/{id}/cancel",
                "POST /v1/jobs/{id}/retry",
                "POST /v1/orgs/{org}/hooks",
                "POST /v1/queue/pause",
                "POST /v1/queue/resume",
                "POST /v1/runs",
                "POST /v1/runs/{id}/cancel",
                "POST /v1/runs/{id}/renew",
                "POST /v1/runs/{id}/rerun-failed",
                "PUT /v1/orgs/{org}/apps/{appVersionId}", "PUT /v1/orgs/{org}/blobs/{sha256}", "PUT /v1/orgs/{org}/quarantine",
            ],
            calls.Select(call => call.Name).Order(StringComparer.Ordinal));
        Assert.All(calls, call => Assert.False(string.IsNullOrWhiteSpace(call.Call.GetProperty("summary").GetString()), call.Name));
        Assert.All(calls, call => Assert.True(call.Call.GetProperty("responses").TryGetProperty("503", out _), call.Name));
    }

    [Fact]
    public async Task Document_DescribesTheWireNames()
    {
        var schemas = (await api.GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("schemas");

        Assert.True(schemas.GetProperty("SubmitJobRequest").GetProperty("properties").TryGetProperty("app_version_id", out _));
        Assert.Contains("\"queued\"", schemas.GetRawText(), StringComparison.Ordinal);
        Assert.True(schemas.GetProperty("Problem").GetProperty("properties").TryGetProperty("code", out _));
    }
}
