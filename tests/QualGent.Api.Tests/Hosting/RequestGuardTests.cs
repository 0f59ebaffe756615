using System.Net;
using QualGent.Api.Tests.Fuzz;

namespace QualGent.Api.Tests.Hosting;

public sealed class RequestGuardTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Body = """{"org_id":"o","app_version_id":"v","test_path":"a.js"}""";

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:5180")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:5180")]
    public async Task Host_OfThisMachine_IsServed(string host) => Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("GET", "/v1/queue", headers: ("Host", host))).Status);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example:5180")]
    [InlineData("10.0.0.1")]
    public async Task Host_OfAnother_IsRefusedAndStoresNothing(string host)
    {
        var before = await api.DigestAsync();

        var answer = await api.PostAsync("/v1/jobs", Body, ("Host", host));

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.Status);
        Assert.Equal("host_not_allowed", answer.Text("code"));
        Assert.Equal(before, await api.DigestAsync());
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("GET", "/health", headers: ("Host", host))).Status);
    }

    [Theory]
    [InlineData("localhost:99999")]
    [InlineData("localhost:65536")]
    [InlineData("")]
    public async Task Host_ThatIsNone_IsAMistakeOfTheCaller(string host)
    {
        var run = (await api.PostAsync("/v1/runs", """{"org_id":"hosts","app_version_id":"v","tests":["a.js"]}""")).Text("run.id");

        foreach (var path in (string[])["/v1/queue", $"/v1/runs/{run}/report.html"])
        {
            var answer = (await RawAnswer.OfAsync(new RawRequest("GET", path, [("Host", host)], null), api.Url.Port, TestContext.Current.CancellationToken))!;
            Assert.Equal((400, "application/problem+json"), (answer.Status, answer.MediaType));
            Assert.Contains("header Host", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Host_ThatIsConfigured_IsServed()
    {
        await using var named = new ApiServer { Settings = { ["AllowedHosts"] = "tests.internal; other.internal" } };
        await named.InitializeAsync();

        Assert.Equal(HttpStatusCode.OK, (await named.SendAsync("GET", "/v1/queue", headers: ("Host", "other.internal"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await named.GetAsync("/v1/queue")).Status);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await named.SendAsync("GET", "/v1/queue", headers: ("Host", "third.internal"))).Status);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task Write_FromAnotherSite_IsRefusedAndStoresNothing(string origin)
    {
        var before = await api.DigestAsync();

        foreach (var path in new[] { "/v1/jobs", "/jobs/submit" })
        {
            var answer = await api.PostAsync(path, Body, ("Origin", origin));
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Equal("cross_site_request", answer.Text("code"));
        }

        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Write_FromOwnSite_IsServed() =>
        Assert.Equal(HttpStatusCode.Created, (await api.PostAsync("/v1/jobs", Body, ("Origin", api.Url.GetLeftPart(UriPartial.Authority)))).Status);

    [Fact]
    public async Task Answers_CarryCarefulHeaders()
    {
        var answer = await api.GetAsync("/v1/queue");

        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.False(answer.Headers.ContainsKey("Server"));
        Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Origin"));
    }
}
