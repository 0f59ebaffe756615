using System.Net;
using QualGent.Contracts;

namespace QualGent.Api.Tests.Blobs;

/// <summary>A submission names the bundle that its tests come from: a blob that must be there, in the same organisation.</summary>
public sealed class BundleSubmissionTests(BlobServer server) : IClassFixture<BlobServer>
{
    private static string Job(string org, string bundle) => $$"""{"org_id":"{{org}}","app_version_id":"v","test_path":"a.js","bundle":"{{bundle}}"}""";

    private static string Run(string org, string bundle) => $$"""{"org_id":"{{org}}","app_version_id":"v","tests":["a.js"],"bundle":"{{bundle}}"}""";

    [Fact]
    public async Task Submit_WithABundleThatIsThere_IsStoredAndShownWithIt()
    {
        var (content, digest) = BlobServer.NewBlob(100);
        await server.PutAsync("there", digest, content);

        var job = await server.Api.PostAsync("/v1/jobs", Job("there", digest));
        var run = await server.Api.PostAsync("/v1/runs", Run("there", digest));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (job.Status, run.Status));
        Assert.Equal((digest, digest), (job.Text("job.bundle"), run.Text("run.bundle")));
        Assert.Equal(job.Json.GetProperty("job").GetRawText(), (await server.Api.GetAsync(job.Headers["Location"])).Body);
        Assert.Equal(digest, (await server.Api.GetAsync(run.Headers["Location"])).Text("bundle"));
    }

    [Theory]
    [InlineData("/v1/jobs", true)]
    [InlineData("/v1/jobs", false)]
    [InlineData("/v1/runs", true)]
    [InlineData("/v1/runs", false)]
    public async Task Submit_WithABundleThatIsNotThere_IsRefusedAndStoresNothing(string path, bool isAnotherOrgs)
    {
        var (content, digest) = BlobServer.NewBlob(100);
        if (isAnotherOrgs)
        {
            await server.PutAsync("somebody", digest, content);
        }

        var answer = await server.Api.PostAsync(path, path == "/v1/jobs" ? Job("lacking", digest) : Run("lacking", digest));

        Assert.Equal((HttpStatusCode.Conflict, ProblemCodes.BlobMissing), (answer.Status, answer.Text("code")));
        Assert.Contains($"PUT /v1/orgs/lacking/blobs/{digest}", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Empty((await server.Api.GetAsync("/v1/runs?org_id=lacking")).Json.GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task Submit_WithABundleThatIsNoDigest_IsAMistakeOfTheRequest()
    {
        var answer = await server.Api.PostAsync("/v1/jobs", Job("o", "../../etc"));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "bundle"), (answer.Status, answer.Json.GetProperty("errors")[0].GetProperty("field").GetString()));
    }
}
