using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Testing;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.Artifacts;

/// <summary>The blob store is away or slow: verdicts come in time, and nothing of what they left behind is lost.</summary>
public sealed class StoreOutageTests() : SeveralLives(slowTest: TimeSpan.FromSeconds(0.2))
{
    private readonly Uri _url = new($"http://127.0.0.1:{FreePort.Next()}");

    [Fact]
    public async Task Store_AwayWhenATestEnds_AgentKilled_NextLifeCompletesTheVerdict()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var first = await StartWithStoreAsync();
        var id = Assert.Single(await Pool.SubmitAsync(["slow.spec.ts"]));
        var job = Assert.Single(await Pool.EndAsync([id]));
        Assert.Equal(JobStatus.Passed, job.Status);
        await Eventually.HoldsAsync(() => Outbox().Any(record => record.Contains("\"final\":true", StringComparison.Ordinal)), "all of it is on disk", ct);
        var pending = Assert.Single((await Pool.Artifacts.ReadAsync([id], ct))[0]);
        Assert.True(pending.Pending);
        await first.Process.KillAsync(ct);

        await using var api = await StartApiAsync();
        await using var second = await StartWithStoreAsync();
        using var http = new HttpClient { BaseAddress = _url };
        var client = new QualGentClient(http, TimeProvider.System);
        var list = await Eventually.GetAsync(() => client.ListArtifactsAsync(id, ct), artifacts => !artifacts.Pending, "the artifacts are complete", ct);

        var log = Assert.Single(list.Artifacts);
        Assert.Equal(("attempt-1/log.txt.gz", ArtifactState.Stored, ArtifactKind.Log), (log.Name, log.State, log.Kind));
        using var content = new MemoryStream();
        await client.CopyArtifactAsync(id, log.Name, content, ct);
        content.Position = 0;
        using var reader = new StreamReader(new GZipStream(content, CompressionMode.Decompress));
        Assert.StartsWith("slow.spec.ts takes ", await reader.ReadToEndAsync(ct), StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => !Outbox().Any(), "nothing waits any more", ct);
        Assert.Equal(1, (await Pool.GetAsync(id)).Attempts);
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task Store_ThatAcceptsAndSaysNothing_HoldsAVerdictForSecondsOnly()
    {
        using var silent = new TcpListener(IPAddress.Loopback, _url.Port);
        silent.Start();
        await using var worker = await StartWithStoreAsync();
        var began = TimeProvider.System.GetTimestamp();
        var jobs = await Pool.EndAsync(await Pool.SubmitAsync(["slow-a.spec.ts", "slow-b.spec.ts", "slow-c.spec.ts"]));
        Assert.All(jobs, job => Assert.Equal(JobStatus.Passed, job.Status));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(25), "Three verdicts waited for one patience at most.");
        silent.Stop();
        await using var api = await StartApiAsync();
        foreach (var job in jobs)
        {
            await Eventually.GetAsync(
                async () => (await Pool.Artifacts.ReadAsync([job.Id], TestContext.Current.CancellationToken))[0], found => found is [{ Pending: false }], "its artifacts are complete", TestContext.Current.CancellationToken, TimeSpan.FromMinutes(3));
        }
    }

    [Fact]
    public async Task Store_UnknownToTheAgent_IsSaidWithEveryArtifact()
    {
        await using var worker = await StartAsync();
        var id = Assert.Single(await Pool.SubmitAsync(["slow.spec.ts"]));
        await Pool.EndAsync([id]);
        var execution = await Eventually.GetAsync(async () => (await Pool.Artifacts.ReadAsync([id], TestContext.Current.CancellationToken))[0], found => found is [{ Pending: false }], "it is told", TestContext.Current.CancellationToken);
        var log = Assert.Single(execution[0].Files);
        Assert.Equal(ArtifactState.Missing, log.State);
        Assert.Contains("services__api__http__0", log.Reason, StringComparison.Ordinal);
    }

    private IEnumerable<string> Outbox() =>
        Directory.Exists(Path.Combine(Folder.Path, "state/outbox")) ? Directory.EnumerateFiles(Path.Combine(Folder.Path, "state/outbox"), "*.json").Select(File.ReadAllText) : [];

    private async Task<ServiceProcess> StartApiAsync()
    {
        var api = ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], new Dictionary<string, string>(Pool.Environment) { ["ASPNETCORE_URLS"] = _url.ToString(), ["Blobs__Folder"] = Folder.Folder("blobs") });
        await api.WaitHealthyAsync(new Uri(_url, "/health"), TestContext.Current.CancellationToken);
        return api;
    }

    private Task<WorkerProcess> StartWithStoreAsync() => StartAsync(("services__api__http__0", _url.ToString()));
}
