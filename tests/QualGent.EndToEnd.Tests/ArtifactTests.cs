using System.IO.Compression;
using System.Text;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Client;

namespace QualGent.EndToEnd.Tests;

/// <summary>What genuine AppWright's tests leave behind, from the device to the tester's folder.</summary>
[Trait("Category", "AppWright")]
public sealed class ArtifactTests
{
    private const string Attaches = "tests-faults/attaches.spec.ts";

    [Fact]
    public async Task Artifacts_OfARun_AreDownloadedWholeAndTheLogHasEveryLine()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        await stack.StartWorkerAsync("phone", ct, virtualDevices: 1);
        using var http = new HttpClient { BaseAddress = stack.ApiUrl };
        var client = new QualGentClient(http, TimeProvider.System);
        var run = await client.SubmitRunAsync(new SubmitRunRequest { OrgId = "qualgent", AppVersionId = "notes-1.0.0", Tests = ["tests-faults/fails.spec.ts", Attaches], AttemptsMax = 1 }, "artifacts", ct);
        await using (var watch = stack.Qgjob("watch", run.Run.Id))
        {
            Assert.Equal(1, await watch.WaitForExitAsync(ct));
        }

        var attached = await client.GetJobAsync(run.JobIds[1], ct);
        Assert.True(attached.Status == JobStatus.Passed, attached.Message);

        var target = Path.Combine(stack.Folder.FullName, "downloaded");
        var (exitCode, output) = await stack.RunQgjobAsync(ct, "artifact", "download", run.Run.Id, "--output", target);
        Assert.True(exitCode == 0, output);
        var folder = Path.Combine(target, "0001-tests-faults-attaches.spec.ts", "attempt-1");
        Assert.True(Directory.Exists(Path.Combine(folder, "keeps-what-it-saw")), output);
        Assert.Equal("{\"notes\":1}", await File.ReadAllTextAsync(Path.Combine(folder, "keeps-what-it-saw", "data.json"), ct));
        foreach (var screen in (string[])["after-the-start.png", "last-screen.png"])
        {
            Assert.Equal([0x89, .. "PNG"u8], (await File.ReadAllBytesAsync(Path.Combine(folder, "keeps-what-it-saw", screen), ct))[..4]);
        }

        Assert.Equal(Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31)), await File.ReadAllBytesAsync(Path.Combine(folder, "keeps-what-it-saw", "film.mp4"), ct));
        Assert.Equal([1, 0, 255, 10, 13], await File.ReadAllBytesAsync(Path.Combine(folder, "keeps-what-it-saw", "last-seconds.webm"), ct));
        await using (var trace = await ZipFile.OpenReadAsync(Path.Combine(folder, "keeps-what-it-saw", "trace.zip"), ct))
        {
            Assert.NotNull(trace.GetEntry("test.trace"));
        }

        var listed = (await client.ListArtifactsAsync(run.JobIds[1], ct)).Artifacts.ToDictionary(file => file.Name["attempt-1/".Length..]);
        Assert.Equal((ArtifactKind.Video, "video/mp4", 300_000), Told("keeps-what-it-saw/film.mp4"));
        Assert.Equal((ArtifactKind.Video, "video/webm", 5), Told("keeps-what-it-saw/last-seconds.webm"));
        Assert.Equal((ArtifactKind.Trace, "application/zip", new FileInfo(Path.Combine(folder, "keeps-what-it-saw", "trace.zip")).Length), Told("keeps-what-it-saw/trace.zip"));
        (ArtifactKind Kind, string Type, long Size) Told(string name) => (listed[name].Kind, listed[name].ContentType, listed[name].Size);

        Assert.Contains("missing  attempt-1/keeps-what-it-saw/host", output, StringComparison.Ordinal);
        Assert.Contains("missing  attempt-1/keeps-what-it-saw/link", output, StringComparison.Ordinal);
        Assert.Contains("Appium", await UnzipTextAsync(Path.Combine(folder, "appium.log.gz"), ct), StringComparison.Ordinal);
        var log = await UnzipTextAsync(Path.Combine(folder, "log.txt.gz"), ct);
        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => $"fast line {i}"), log.Split('\n').Where(line => line.StartsWith("fast line ", StringComparison.Ordinal)));
        Assert.DoesNotContain("a-token-that-nobody-must-see", log, StringComparison.Ordinal);
        using (var report = ZipFile.OpenRead(Path.Combine(folder, "playwright-report.zip")))
        {
            Assert.NotNull(report.GetEntry("index.html"));
        }

        var blob = Assert.Single(Directory.GetFiles(folder, "playwright-blob-*.zip"));
        using (var report = ZipFile.OpenRead(blob))
        {
            Assert.NotNull(report.GetEntry("report.jsonl"));
        }

        var (asked, said) = await stack.RunQgjobAsync(ct, "logs", run.JobIds[1]);
        Assert.Equal(0, asked);
        Assert.Equal(3_000, said.Split('\n').Count(line => line.StartsWith("fast line ", StringComparison.Ordinal)));
        Assert.DoesNotContain("left out", said, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-that-nobody-must-see", said, StringComparison.Ordinal);
        (asked, var page) = await stack.RunQgjobAsync(ct, "run", "report", run.Run.Id, "--format=html");
        Assert.Equal(0, asked);
        Assert.Contains($"src=\"{stack.ApiUrl}v1/jobs/{run.JobIds[1]}/artifacts/attempt-1/keeps-what-it-saw/last-screen.png\"", page, StringComparison.Ordinal);
        await AssertZipAsync(http, run.Run.Id, ct);
        await stack.EndAsync(ct);
    }

    private static async Task AssertZipAsync(HttpClient http, string runId, CancellationToken cancellationToken)
    {
        using var zip = new ZipArchive(new MemoryStream(await http.GetByteArrayAsync($"v1/runs/{runId}/artifacts.zip", cancellationToken)));
        var names = zip.Entries.Select(entry => entry.FullName).ToList();
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
        Assert.Contains("0000-tests-faults-fails.spec.ts/attempt-1/log.txt.gz", names);
        Assert.Contains("0001-tests-faults-attaches.spec.ts/attempt-1/keeps-what-it-saw/data.json", names);
        await using var listed = await zip.GetEntry("0001-tests-faults-attaches.spec.ts/artifacts.json")!.OpenAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(listed, cancellationToken: cancellationToken);
        Assert.Equal(2, document.RootElement.GetProperty("artifacts").EnumerateArray().Count(file => file.GetProperty("state").GetString() == "missing"));
    }

    private static async Task<string> UnzipTextAsync(string file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
