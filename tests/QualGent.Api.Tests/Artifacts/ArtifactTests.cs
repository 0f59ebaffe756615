using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using QualGent.Api.Tests.Blobs;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Tests.Artifacts;

/// <summary>What jobs left behind, as a client sees it.</summary>
public sealed class ArtifactTests(BlobServer blobs) : IClassFixture<BlobServer>
{
    private static readonly ArtifactView s_tooLarge = new() { Name = "notes/video.mp4", Kind = ArtifactKind.Video, ContentType = "video/mp4", Size = 1L << 40, State = ArtifactState.Missing, Reason = "It has more bytes than an artifact may have." };
    private static readonly ArtifactView s_onItsWay = new() { Name = "log.txt.gz", Kind = ArtifactKind.Log, ContentType = "application/gzip", Size = 10, State = ArtifactState.Pending };

    [Fact]
    public async Task List_OfTwoAttempts_NamesEveryFileItsSizeAndWhatIsMissing()
    {
        await using var agent = await TestAgent.RegisterAsync(blobs.Api, "artifacts-list");
        var id = await SubmitAsync("artifacts-list");
        var first = await agent.BeginAsync();
        await agent.KeepAsync(first, 1, pending: true, await StoreAsync("artifacts-list", "notes/screen.png", "image/png", "first"), s_tooLarge, s_onItsWay);
        Assert.True((await ListAsync(id)).Pending);
        await agent.EndAsync(first, JobOutcome.Failed);
        var second = await agent.BeginAsync();
        await agent.KeepAsync(second, 1, pending: false, await StoreAsync("artifacts-list", "notes/screen.png", "image/png", "second"));
        await agent.KeepAsync(first, 2, pending: false, await StoreAsync("artifacts-list", "notes/screen.png", "image/png", "first"), s_tooLarge); // late, behind a retry
        await agent.EndAsync(second);

        var list = await ListAsync(id);

        Assert.False(list.Pending);
        Assert.Equal(
            [("attempt-1/notes/screen.png", 1, 5, ArtifactState.Stored), ("attempt-1/notes/video.mp4", 1, 1L << 40, ArtifactState.Missing), ("attempt-2/notes/screen.png", 2, 6, ArtifactState.Stored)],
            list.Artifacts.Select(file => (file.Name, file.Attempt, file.Size, file.State)));
        Assert.Equal("first", await DownloadAsync(id, "attempt-1/notes/screen.png"));
        Assert.Equal("second", await DownloadAsync(id, "attempt-2/notes/screen.png"));
    }

    [Fact]
    public async Task Download_OfAPage_IsSavedAndNeverRun()
    {
        var (id, _) = await EndedAsync("artifacts-page", ("notes/page.html", "text/html", "<script>alert(1)</script>"), ("notes/odd", "text/html\r\nX-Evil: 1", "odd"), ("notes/line", "text/html\n", "line"));

        var page = await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/attempt-1/notes/page.html");

        Assert.Equal((HttpStatusCode.OK, "text/html", "<script>alert(1)</script>"), (page.Status, page.MediaType, page.Body));
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.StartsWith("attachment; filename=page.html", page.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Contains("sandbox", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("application/octet-stream", (await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/attempt-1/notes/odd")).MediaType);
        Assert.Equal("application/octet-stream", (await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/attempt-1/notes/line")).MediaType);
        var part = await blobs.Api.SendAsync("GET", $"/v1/jobs/{id}/artifacts/attempt-1/notes/page.html", headers: ("Range", "bytes=1-6"));
        Assert.Equal((HttpStatusCode.PartialContent, "script"), (part.Status, part.Body));
    }

    [Fact]
    public async Task Download_OfWhatCannotBeHad_SaysWhy()
    {
        await using var agent = await TestAgent.RegisterAsync(blobs.Api, "artifacts-missing");
        var id = await SubmitAsync("artifacts-missing");
        var job = await agent.BeginAsync();
        await agent.KeepAsync(job, 1, pending: true, s_tooLarge, s_onItsWay);
        await agent.EndAsync(job);

        var missing = await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/attempt-1/notes/video.mp4");
        Assert.Equal((HttpStatusCode.Gone, ProblemCodes.ArtifactMissing), (missing.Status, missing.Text("code")));
        Assert.Contains("more bytes than", missing.Text("detail"), StringComparison.Ordinal);
        var pending = await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/attempt-1/log.txt.gz");
        Assert.Equal((HttpStatusCode.Conflict, ProblemCodes.ArtifactPending), (pending.Status, pending.Text("code")));
        Assert.Equal(HttpStatusCode.NotFound, (await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/attempt-1/none")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/..%2f..%2fpool-id")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await blobs.Api.GetAsync("/v1/jobs/job_00000000000000000000_0/artifacts")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await blobs.Api.GetAsync("/v1/runs/run_00000000000000000000/artifacts.zip")).Status);
    }

    [Fact]
    public async Task Zip_OfARun_HasEveryFileUnderAUniqueNameAndListsWhatIsMissing()
    {
        const string Org = "artifacts-zip";
        await using var agent = await TestAgent.RegisterAsync(blobs.Api, Org);
        var answer = await blobs.Api.PostAsync("/v1/runs", $$"""{"org_id":"{{Org}}","app_version_id":"v1","target":"simulated","attempts_max":1,"tests":["a/x.spec.ts","tests/b.spec.ts"]}""");
        var run = answer.Text("run.id")!;
        foreach (var job in await agent.BeginAllAsync())
        {
            await agent.KeepAsync(job, 1, pending: false, await StoreAsync(Org, "screen.png", "image/png", $"of {job.TestPath}"), s_tooLarge);
            await agent.EndAsync(job);
        }

        var bytes = await blobs.Api.Http.GetByteArrayAsync(new Uri(blobs.Api.Url, $"/v1/runs/{run}/artifacts.zip"), TestContext.Current.CancellationToken);

        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(
            ["0000-a-x.spec.ts/artifacts.json", "0000-a-x.spec.ts/attempt-1/screen.png", "0001-tests-b.spec.ts/artifacts.json", "0001-tests-b.spec.ts/attempt-1/screen.png"],
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.Equal("of a/x.spec.ts", Read(zip, "0000-a-x.spec.ts/attempt-1/screen.png"));
        using var listed = JsonDocument.Parse(Read(zip, "0001-tests-b.spec.ts/artifacts.json"));
        Assert.Equal(["stored", "missing"], listed.RootElement.GetProperty("artifacts").EnumerateArray().Select(file => file.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Zip_OfAMatrix_KeepsTheCellsApart()
    {
        const string Org = "artifacts-matrix";
        var answer = await blobs.Api.PostAsync(
            "/v1/runs", $$$"""{"org_id":"{{{Org}}}","app_version_id":"v1","target":"simulated","tests":["a.spec.ts"],"matrix":[{"labels":{"os":"13"}},{"labels":{"os":"14"}}]}""");
        foreach (var os in (string[])["13", "14"])
        {
            await using var agent = await TestAgent.RegisterAsync(blobs.Api, $"{Org}-{os}", ("os", os));
            var job = await agent.BeginAsync();
            await agent.KeepAsync(job, 1, pending: false, await StoreAsync(Org, "screen.png", "image/png", $"of {os}"));
            await agent.EndAsync(job);
            await agent.LeaveAsync();
        }

        using var zip = new ZipArchive(new MemoryStream(await blobs.Api.Http.GetByteArrayAsync(new Uri(blobs.Api.Url, $"/v1/runs/{answer.Text("run.id")}/artifacts.zip"), TestContext.Current.CancellationToken)));

        Assert.Equal(4, zip.Entries.Select(entry => entry.FullName).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(("of 13", "of 14"), (Read(zip, "0.0000-a.spec.ts/attempt-1/screen.png"), Read(zip, "1.0000-a.spec.ts/attempt-1/screen.png")));
    }

    [Fact]
    public async Task Zip_OfABlobThatIsGone_SaysSoInItsList()
    {
        var (id, run) = await EndedAsync("artifacts-gone", ("a.txt", "text/plain", "gone"), ("b.txt", "text/plain", "there"));
        blobs.Files().Single(file => file.Name == BlobDigest.Of("gone"u8.ToArray())).Delete();

        using var zip = new ZipArchive(new MemoryStream(await blobs.Api.Http.GetByteArrayAsync(new Uri(blobs.Api.Url, $"/v1/runs/{run}/artifacts.zip"), TestContext.Current.CancellationToken)));

        Assert.Equal(["artifacts.json", "b.txt"], zip.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Contains("not in the store any more", Read(zip, zip.Entries.Single(entry => entry.Name == "artifacts.json").FullName), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await blobs.Api.GetAsync($"/v1/jobs/{id}/artifacts/attempt-1/a.txt")).Status);
    }

    private static string Read(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private async Task<(string Job, string Run)> EndedAsync(string org, params (string Name, string Type, string Content)[] files)
    {
        await using var agent = await TestAgent.RegisterAsync(blobs.Api, org);
        var id = await SubmitAsync(org);
        var views = new List<ArtifactView>();
        foreach (var (name, type, content) in files)
        {
            views.Add(await StoreAsync(org, name, type, content));
        }

        var job = await agent.BeginAsync();
        await agent.KeepAsync(job, 1, pending: false, [.. views]);
        await agent.EndAsync(job);
        return (id, job.RunId);
    }

    private async Task<ArtifactView> StoreAsync(string org, string name, string type, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = BlobDigest.Of(bytes);
        await blobs.Client.PutBlobAsync(org, digest, new MemoryStream(bytes), TestContext.Current.CancellationToken);
        return new ArtifactView { Name = name, Kind = ArtifactKind.Attachment, ContentType = type, Size = bytes.Length, State = ArtifactState.Stored, Sha256 = digest };
    }

    private Task<JobArtifacts> ListAsync(string id) => blobs.Client.ListArtifactsAsync(id, TestContext.Current.CancellationToken);

    private async Task<string> DownloadAsync(string id, string name)
    {
        using var output = new MemoryStream();
        await blobs.Client.CopyArtifactAsync(id, name, output, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private async Task<string> SubmitAsync(string org) =>
        (await blobs.Api.PostAsync("/v1/jobs", $$"""{"org_id":"{{org}}","app_version_id":"v1","test_path":"tests/a.spec.ts","target":"simulated","attempts_max":2}""")).Text("job.id")!;
}
