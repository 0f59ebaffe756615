using System.Net;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Api.Tests.Blobs;

/// <summary>What nothing refers to goes after its grace time, and nothing else does.</summary>
public sealed class BlobCollectionTests : IAsyncLifetime
{
    private static readonly TimeSpan s_grace = TimeSpan.FromHours(24);
    private readonly BlobServer _server = new() { Api = { Settings = { ["Blobs__CollectEvery"] = "00:00:00.2" } } };
    private ConnectionMultiplexer? _redis;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDatabase Redis => _redis!.GetDatabase();

    private FileInfo PoolId => new(Path.Combine(_server.Api.BlobFolder.FullName, "pool-id"));

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _redis = await _server.Api.Redis.ConnectAsync();
        await Eventually.HoldsAsync(() => PoolId.Exists, "the store knows its pool", Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _redis!.CloseAsync();
        _redis.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Blob_ThatARunRefersTo_OutlivesItsGrace_UntilTheRunIsForgotten()
    {
        var run = (await _server.Api.PostAsync("/v1/runs", """{"org_id":"acme","app_version_id":"v1","tests":["a.js"]}""")).Text("run.id");
        var (bundle, app, log, orphan, foreign) = (BlobServer.NewBlob(10), BlobServer.NewBlob(11), BlobServer.NewBlob(12), BlobServer.NewBlob(13), BlobServer.NewBlob(10));
        await Redis.HashSetAsync($"qg:{{main}}:run:{run}", [new("bundle", bundle.Digest), new("app_digest", app.Digest)]);
        await Redis.SetAddAsync($"qg:{{main}}:run:{run}:blobs", [log.Digest, foreign.Digest]);
        foreach (var (content, digest) in ((byte[], string)[])[bundle, app, log, orphan])
        {
            await AddAsync("acme", digest, content);
        }

        await AddAsync("other", foreign.Digest, foreign.Content); // its reference is acme's

        AgeAll();

        await Eventually.HoldsAsync(() => !Has(orphan.Digest) && !Has(foreign.Digest), "what nothing refers to is gone", Token);
        Assert.All([bundle.Digest, app.Digest, log.Digest], digest => Assert.True(Has(digest)));
        await Redis.KeyDeleteAsync($"qg:{{main}}:run:{run}");
        await Eventually.HoldsAsync(() => _server.Files().Count == 0, "what the run referred to is gone with it", Token);
    }

    [Fact]
    public async Task Blob_OfARegisteredBuild_StaysUntilNeitherItNorARunNeedsIt()
    {
        var (build, orphan) = (BlobServer.NewBlob(10), BlobServer.NewBlob(10));
        await AddAsync("acme", build.Digest, build.Content);
        await _server.Api.SendAsync("PUT", "/v1/orgs/acme/apps/v1", $$"""{"sha256":"{{build.Digest}}","file_name":"a.apk"}""");
        await CollectedAsync();
        Assert.True(Has(build.Digest));

        var run = (await _server.Api.PostAsync("/v1/runs", """{"org_id":"acme","app_version_id":"v1","tests":["a.js"]}""")).Text("run.id");
        await _server.Api.SendAsync("DELETE", "/v1/orgs/acme/apps/v1");
        await CollectedAsync();
        Assert.True(Has(build.Digest));

        await Redis.KeyDeleteAsync($"qg:{{main}}:run:{run}");
        await Eventually.HoldsAsync(() => !Has(build.Digest), "nothing needs the build", Token);

        // Everything is old, and what nothing refers to has gone.
        async Task CollectedAsync()
        {
            await AddAsync("acme", orphan.Digest, orphan.Content);
            AgeAll();
            await Eventually.HoldsAsync(() => !Has(orphan.Digest), "a look has ended", Token);
        }
    }

    [Fact]
    public async Task Blob_ThatSomebodyAskedFor_GetsItsGraceAgain()
    {
        var (asked, forgotten) = (BlobServer.NewBlob(10), BlobServer.NewBlob(10));
        await AddAsync("acme", asked.Digest, asked.Content);
        await AddAsync("acme", forgotten.Digest, forgotten.Content);
        AgeAll(rest: TimeSpan.FromSeconds(10));

        var head = await _server.Api.SendAsync("HEAD", BlobServer.PathOf("acme", asked.Digest));

        Assert.Equal(HttpStatusCode.OK, head.Status);
        await Eventually.HoldsAsync(() => !Has(forgotten.Digest), "what nobody asked for is gone", Token);
        Assert.True(Has(asked.Digest));
    }

    [Fact]
    public async Task Blobs_OfAPoolWhoseRedisWasEmptied_StayUntilTheOperatorSaysSo()
    {
        var (content, digest) = BlobServer.NewBlob(10);
        await AddAsync("acme", digest, content);
        await Redis.ExecuteAsync("FLUSHALL");
        AgeAll();

        await Eventually.HoldsAsync(() => _server.Api.Process.Output.Contains("No blob is removed", StringComparison.Ordinal), "the API says why nothing is removed", Token);
        await _server.Api.Process.KillAsync(Token);
        await _server.Api.StartAsync(Token); // a new life forgets no caution
        await Eventually.HoldsAsync(() => _server.Api.Process.Output.Contains("delete the file pool-id", StringComparison.Ordinal), "it says so again", Token);
        Assert.True(Has(digest));

        PoolId.Delete();

        await Eventually.HoldsAsync(() => !Has(digest), "the store belongs to the new pool", Token);
    }

    [Fact]
    public async Task Upload_ThatNobodyWentOnWith_IsGoneAfterAnHour()
    {
        var (content, digest) = BlobServer.NewBlob(200_000);
        await _server.BreakOffAsync("acme", digest, content, 100_000);
        File.SetLastWriteTimeUtc(Assert.Single(_server.Files()).FullName, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(61));

        await Eventually.HoldsAsync(() => _server.Files().Count == 0, "the broken upload is gone", Token);
    }

    private async Task AddAsync(string org, string digest, byte[] content) => Assert.Equal(HttpStatusCode.Created, (await _server.PutAsync(org, digest, content)).Status);

    private bool Has(string digest) => _server.Files().Any(file => file.Name == digest);

    // As if all of them had been stored so long ago that this much of their grace is left.
    private void AgeAll(TimeSpan rest = default)
    {
        foreach (var file in _server.Files())
        {
            File.SetLastWriteTimeUtc(file.FullName, TimeProvider.System.GetUtcNow().UtcDateTime - s_grace + rest);
        }
    }
}
