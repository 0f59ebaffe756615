using System.IO.Compression;
using System.Net;
using System.Text.Json;
using QualGent.Api.Tests.Blobs;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Api.Tests.Apps;

/// <summary>Builds under their app version, and the runs that pin them.</summary>
public sealed class AppTests(BlobServer server) : IClassFixture<BlobServer>
{
    private static readonly byte[] s_apk = File.ReadAllBytes(Path.Combine(Repository.Root, "samples/notes/workspace/apps/qualgent/notes-1.0.0.apk"));
    private static readonly byte[] s_newer = File.ReadAllBytes(Path.Combine(Repository.Root, "samples/notes/workspace/apps/qualgent/notes-1.1.0.apk"));

    [Fact]
    public async Task Register_OfAnApk_ReadsWhatItSays_AndIsListed()
    {
        var digest = await UploadAsync("reads", s_apk);

        var created = await RegisterAsync("reads", "v1", digest, "notes.apk");
        var again = await RegisterAsync("reads", "v1", digest, "notes.apk");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.Status, again.Status));
        Assert.Equal(("com.example.notes", "1.0.0", "android"), (created.Text("package_id"), created.Text("version_name"), created.Text("platform")));
        Assert.Equal((digest, s_apk.Length, "notes.apk"), (created.Text("sha256"), created.Json.GetProperty("bytes").GetInt32(), created.Text("file_name")));
        Assert.Equal(created.Body, again.Body);
        Assert.Equal(created.Body, (await server.Api.GetAsync("/v1/orgs/reads/apps/v1")).Body);
        Assert.Equal($$"""{"apps":[{{created.Body}}]}""", (await server.Api.GetAsync("/v1/orgs/reads/apps")).Body);
        Assert.Equal("""{"apps":[]}""", (await server.Api.GetAsync("/v1/orgs/others/apps")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Api.GetAsync("/v1/orgs/others/apps/v1")).Status);
    }

    [Theory]
    [InlineData("release.aab", "android")]
    [InlineData("set.apks", "android")]
    [InlineData("Notes.IPA", "ios")]
    [InlineData("Notes.app.zip", "ios")]
    public async Task Register_OfAnotherKind_KnowsThePlatformByTheEnding(string name, string platform)
    {
        var digest = await UploadAsync("kinds", s_apk);

        var answer = await RegisterAsync("kinds", name, digest, name);

        Assert.Equal((HttpStatusCode.Created, platform), (answer.Status, answer.Text("platform")));
        Assert.False(answer.Json.TryGetProperty("package_id", out _));
    }

    [Fact]
    public async Task Register_OfAnotherFile_NeedsReplace_AndRunsKeepWhatTheyPinned()
    {
        var (old, newer) = (await UploadAsync("pins", s_apk), await UploadAsync("pins", s_newer));
        var before = await SubmitAsync("pins");
        await RegisterAsync("pins", "v1", old, "notes.apk");
        var pinned = await SubmitAsync("pins");

        var refused = await RegisterAsync("pins", "v1", newer, "notes.apk");
        Assert.Equal((HttpStatusCode.Conflict, "app_taken"), (refused.Status, refused.Text("code")));
        Assert.Contains(old, refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await RegisterAsync("pins", "v1", newer, "notes.apk", replace: true)).Status);
        var later = await SubmitAsync("pins");

        Assert.Contains("buildPath", Assert.Single(before.Json.GetProperty("warnings").EnumerateArray(), Build).GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(later.Json.GetProperty("warnings").EnumerateArray(), Build);
        Assert.Equal([null, old, newer], new[] { before, pinned, later }.Select(run => Digest(run.Json.GetProperty("run"))));
        var read = await server.Api.GetAsync($"/v1/runs/{pinned.Text("run.id")}");
        var job = await server.Api.GetAsync($"/v1/jobs/{pinned.Json.GetProperty("job_ids")[0]}");
        Assert.Equal((old, old), (Digest(read.Json), Digest(job.Json)));
        await server.Api.PostAsync($"/v1/runs/{pinned.Text("run.id")}/cancel", "{}");
        var rerun = await server.Api.SendAsync("POST", $"/v1/runs/{pinned.Text("run.id")}/rerun-failed");
        Assert.Equal((HttpStatusCode.Created, old), (rerun.Status, Digest(rerun.Json.GetProperty("run"))));

        static bool Build(JsonElement warning) => warning.GetString()!.Contains("No build is registered as 'v1'", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_OfABuild_FreesItsId()
    {
        var (old, newer) = (await UploadAsync("frees", s_apk), await UploadAsync("frees", s_newer));
        await RegisterAsync("frees", "v1", old, "notes.apk");

        Assert.Equal(HttpStatusCode.NoContent, (await server.Api.SendAsync("DELETE", "/v1/orgs/frees/apps/v1")).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await server.Api.SendAsync("DELETE", "/v1/orgs/frees/apps/v1")).Status);
        Assert.Equal(HttpStatusCode.Created, (await RegisterAsync("frees", "v1", newer, "notes.apk")).Status);
    }

    [Fact]
    public async Task Register_OfAFileThatIsAnotherOrganisations_IsRefused()
    {
        var digest = await UploadAsync("owner", s_apk);

        var answer = await RegisterAsync("thief", "v1", digest, "notes.apk");

        Assert.Equal((HttpStatusCode.Conflict, "blob_missing"), (answer.Status, answer.Text("code")));
        Assert.Equal("""{"apps":[]}""", (await server.Api.GetAsync("/v1/orgs/thief/apps")).Body);
    }

    [Theory]
    [InlineData("v1", """{"file_name":"a.apk"}""", "sha256")]
    [InlineData("v1", """{"sha256":"00","file_name":"a.apk"}""", "sha256")]
    [InlineData("v1", """{"sha256":"DIGEST"}""", "file_name")]
    [InlineData("v1", """{"sha256":"DIGEST","file_name":"a.exe"}""", "file_name")]
    [InlineData("v1", """{"sha256":"DIGEST","file_name":"../a.apk"}""", "file_name")]
    [InlineData("v%201", """{"sha256":"DIGEST","file_name":"a.apk"}""", "app_version_id")]
    public async Task Register_WithAMistake_NamesTheField(string id, string body, string field)
    {
        var answer = await server.Api.SendAsync("PUT", $"/v1/orgs/mistaken/apps/{id}", body.Replace("DIGEST", BlobDigest.Of(s_apk), StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (answer.Status, answer.Text("code")));
        Assert.Equal([field], answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Register_OfABomb_IsRefusedWithAReason()
    {
        var bomb = Zipped(zip =>
        {
            using var entry = zip.CreateEntry("AndroidManifest.xml").Open();
            entry.Write(new byte[16 * 1024 * 1024]);
        });

        var answer = await RegisterAsync("bombs", "v1", await UploadAsync("bombs", bomb), "bomb.apk");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (answer.Status, answer.Text("code")));
        Assert.Contains("its AndroidManifest.xml would unpack to 16777216 bytes", answer.Body, StringComparison.Ordinal);
        Assert.Equal("""{"apps":[]}""", (await server.Api.GetAsync("/v1/orgs/bombs/apps")).Body);
    }

    // A file may have 512 KB here, as in FullDiskTests; the APK inside the set has 8 MB.
    [Fact]
    public async Task Register_OfASetOfApks_UnpacksNothingToDisk()
    {
        await using var crowded = new BlobServer
        {
            Api = { Wrapper = ["bash", "-c", "trap '' XFSZ; ulimit -f 512; exec \"$@\"", "bash"], Settings = { ["DOTNET_EnableWriteXorExecute"] = "0" } },
        };
        await crowded.InitializeAsync();
        var set = Zipped(zip =>
        {
            using var apk = zip.CreateEntry("universal.apk").Open();
            using var copy = new MemoryStream();
            copy.Write(s_apk);
            using (var inner = new ZipArchive(copy, ZipArchiveMode.Update, leaveOpen: true))
            {
                using var film = inner.CreateEntry("assets/film.mp4", CompressionLevel.NoCompression).Open();
                film.Write(new byte[8_000_000]);
            }

            apk.Write(copy.ToArray());
        });
        var digest = BlobDigest.Of(set);
        Assert.Equal(HttpStatusCode.Created, (await crowded.PutAsync("sets", digest, set)).Status);

        var answer = await crowded.Api.SendAsync("PUT", "/v1/orgs/sets/apps/v1", $$"""{"sha256":"{{digest}}","file_name":"app.apks"}""");

        Assert.Equal((HttpStatusCode.Created, "com.example.notes"), (answer.Status, answer.Text("package_id")));
    }

    // Every byte of the manifest goes through the reader, which must end with some answer for each of them.
    [Fact]
    public async Task Register_OfDamagedApks_NeverFailsTheServer()
    {
        var random = new Random(1);
        for (var round = 0; round < 150; round++)
        {
            var bytes = s_apk.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var answer = await RegisterAsync("damaged", "v1", await UploadAsync("damaged", bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]), "notes.apk", replace: true);

            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"round {round}: {answer}");
        }
    }

    private static byte[] Zipped(Action<ZipArchive> fill)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            fill(zip);
        }

        return bytes.ToArray();
    }

    private static string? Digest(JsonElement view) => view.TryGetProperty("app_digest", out var digest) ? digest.GetString() : null;

    private async Task<string> UploadAsync(string org, byte[] content)
    {
        var digest = BlobDigest.Of(content);
        var answer = await server.PutAsync(org, digest, content);
        Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.OK, answer.ToString());
        return digest;
    }

    private Task<Answer> RegisterAsync(string org, string id, string digest, string fileName, bool replace = false) =>
        server.Api.SendAsync("PUT", $"/v1/orgs/{org}/apps/{id}", $$"""{"sha256":"{{digest}}","file_name":"{{fileName}}"{{(replace ? ",\"replace\":true" : "")}}}""");

    private Task<Answer> SubmitAsync(string org) => server.Api.PostAsync("/v1/runs", $$"""{"org_id":"{{org}}","app_version_id":"v1","tests":["a.spec.ts","b.spec.ts"]}""");
}
