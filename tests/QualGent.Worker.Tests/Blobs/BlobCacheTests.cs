using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Testing;
using QualGent.Worker.Agent;
using QualGent.Worker.Batches;
using QualGent.Worker.Blobs;

namespace QualGent.Worker.Tests.Blobs;

/// <summary>The agent's cache of blobs against a real API.</summary>
public sealed class BlobCacheTests(BlobStoreProcess store) : IClassFixture<BlobStoreProcess>, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<StateFolder> _states = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _states.ForEach(state => state.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Get_ByManyAtOnce_GivesAllTheSameFile_AndNeedsNoApiAfterwards()
    {
        var (content, digest) = await store.AddAsync(3_000_000);
        var cache = Cache();

        var blobs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => cache.GetAsync(BlobStoreProcess.Org, digest, Token)));

        Assert.Single(blobs.Select(blob => blob.Path).Distinct());
        Assert.Equal(content, await File.ReadAllBytesAsync(blobs[0].Path, Token));
        File.Delete(store.FileOf(digest));
        using var again = await cache.GetAsync(BlobStoreProcess.Org, digest, Token);
        Assert.Equal([Path.GetFileName(again.Path)], Names());
    }

    [Fact]
    public async Task Get_OfAFileThatWentBad_FetchesItAgain()
    {
        var (content, digest) = await store.AddAsync(100_000);
        var cache = Cache();
        string path;
        using (var blob = await cache.GetAsync(BlobStoreProcess.Org, digest, Token))
        {
            path = blob.Path;
        }

        var bad = content.ToArray();
        bad[50_000] ^= 1;
        await File.WriteAllBytesAsync(path, bad, Token);

        using var again = await cache.GetAsync(BlobStoreProcess.Org, digest, Token);

        Assert.Equal(content, await File.ReadAllBytesAsync(again.Path, Token));
    }

    [Fact]
    public async Task Get_OverTheLimit_DropsTheLeastRecentlyUsedButNoneInUse()
    {
        var cache = Cache(bytesMax: 250_000);
        var (held, old, used, last) = ((await store.AddAsync(100_000)).Digest, (await store.AddAsync(50_000)).Digest, (await store.AddAsync(50_000)).Digest, (await store.AddAsync(60_000)).Digest);
        var inUse = await cache.GetAsync(BlobStoreProcess.Org, held, Token);
        await GetAsync(old);
        await GetAsync(used);
        await GetAsync(last);
        Assert.Equal(Sorted(held, used, last), Digests());

        await GetAsync(used);
        var larger = (await store.AddAsync(120_000)).Digest;
        await GetAsync(larger);
        Assert.Equal(Sorted(held, larger), Digests());

        inUse.Dispose();
        await GetAsync(last);
        Assert.Equal(Sorted(larger, last), Digests());

        async Task GetAsync(string digest) => (await cache.GetAsync(BlobStoreProcess.Org, digest, Token)).Dispose();
    }

    [Fact]
    public async Task Get_WithoutAnAddress_IsALossThatSaysWhatToConfigure()
    {
        var refused = await Assert.ThrowsAsync<BatchRefusedException>(() => Cache(address: null).GetAsync(BlobStoreProcess.Org, new string('0', 64), Token));

        Assert.Equal((JobOutcome.Lost, VerdictCodes.Infrastructure, LossCharge.Always), (refused.Verdict.Outcome, refused.Verdict.Code, refused.Verdict.Charge));
        Assert.Contains("services__api__http__0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OfWhatTheApiHasNotForThisOrganisation_IsALossThatSaysSo()
    {
        var (_, digest) = await store.AddAsync(10);

        var refused = await Assert.ThrowsAsync<BatchRefusedException>(() => Cache().GetAsync("other", digest, Token));

        Assert.Equal(JobOutcome.Lost, refused.Verdict.Outcome);
        Assert.Contains($"no blob {digest} of organisation 'other'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Get_WhileTheApiIsAwayOrSendsOtherBytes_TriesUntilItIsRight()
    {
        var (content, digest) = await store.AddAsync(100_000);
        var file = store.FileOf(digest);
        await File.WriteAllBytesAsync(file, new byte[100_000], Token);
        var getting = Cache().GetAsync(BlobStoreProcess.Org, digest, Token);
        await Eventually.HoldsAsync(() => Names().Length > 0, "the download has begun", Token);
        await store.KillAsync();

        await File.WriteAllBytesAsync(file, content, Token);
        await store.StartAsync();

        using var blob = await getting;
        Assert.Equal(content, await File.ReadAllBytesAsync(blob.Path, Token));
    }

    private static string[] Sorted(params string[] digests) => [.. digests.Order(StringComparer.Ordinal)];

    private string[] Names() => Directory.Exists(Path.Combine(_folder.Path, "blobs")) ? [.. Directory.EnumerateFiles(Path.Combine(_folder.Path, "blobs")).Select(file => Path.GetFileName(file))] : [];

    private string[] Digests() => Sorted([.. Names().Select(name => name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..])]);

    private BlobCache Cache(string? address = "", long bytesMax = 1 << 30)
    {
        var options = Options.Create(new WorkerOptions { StateDir = _folder.Path, BlobCacheBytes = bytesMax });
        var settings = new Dictionary<string, string?> { ["services:api:http:0"] = address is "" ? store.Url.ToString() : address };
        var api = new ApiAccess(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), TimeProvider.System);
        var state = new StateFolder(options, TimeProvider.System);
        _states.Add(state);
        return new BlobCache(new BlobDownload(api, TimeProvider.System), state, options, TimeProvider.System, NullLogger<BlobCache>.Instance);
    }
}
