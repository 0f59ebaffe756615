using Microsoft.Extensions.Logging.Abstractions;
using QualGent.Contracts;
using QualGent.Contracts.Bundles;
using QualGent.Worker.Batches;
using QualGent.Worker.TestCode;

namespace QualGent.Worker.Tests.TestCode;

public sealed class BundleCacheTests : IDisposable
{
    private const string Org = "acme";
    private readonly TestFolder _folder = new();
    private readonly Clock _time = new();
    private int _opened;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_ManyAtOnceAndLater_UnpacksOnce()
    {
        var (cache, digest) = (Cache(), Pack("a", 10));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var bundle = await cache.OpenAsync(Org, digest, Token);
            Assert.Equal(["a.spec.ts"], bundle.Snapshot.Files.Keys);
            Assert.True(File.Exists(Path.Combine(bundle.Snapshot.Root, "a.spec.ts")));
        }));
        using var afterRestart = await Cache().OpenAsync(Org, digest, Token);
        Assert.Equal(1, _opened);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("missing")]
    [InlineData("added")]
    [InlineData("unsealed")]
    public async Task OpenAsync_DamagedEntry_IsUnpackedAgain(string damage)
    {
        var (cache, digest) = (Cache(), Pack("a", 10));
        string root;
        using (var bundle = await cache.OpenAsync(Org, digest, Token))
        {
            root = bundle.Snapshot.Root;
        }

        var file = Path.Combine(root, "a.spec.ts");
        switch (damage)
        {
            case "changed": await File.WriteAllTextAsync(file, "changed", Token); break;
            case "missing": File.Delete(file); break;
            case "added": await File.WriteAllTextAsync(Path.Combine(root, "b.spec.ts"), "", Token); break;
            case "unsealed": File.Delete(Path.Combine(root, "..", "seal")); break;
        }

        using var again = await cache.OpenAsync(Org, digest, Token);
        Assert.Equal(["a.spec.ts"], again.Snapshot.Files.Keys);
        Assert.Equal(new string('a', 10), await File.ReadAllTextAsync(file, Token));
        Assert.Equal(2, _opened);
    }

    [Fact]
    public async Task OpenAsync_TooMuchTogether_RemovesWhatWasLeastRecentlyUsedAndNotInUse()
    {
        var cache = Cache(bytesMax: 250);
        var (oldest, inUse, used, newest) = (Pack("a", 100), Pack("b", 100), Pack("c", 100), Pack("d", 100));
        var held = await OpenAsync(cache, inUse);
        foreach (var digest in (string[])[used, oldest, used])
        {
            (await OpenAsync(cache, digest)).Dispose();
        }

        (await OpenAsync(cache, newest)).Dispose();
        Assert.Equal(new[] { inUse, newest }.Order(), Entries());
        Assert.True(File.Exists(Path.Combine(held.Snapshot.Root, "b.spec.ts")));
        held.Dispose();
        (await OpenAsync(cache, used)).Dispose();
        Assert.Equal(new[] { newest, used }.Order(), Entries());
    }

    [Fact]
    public async Task OpenAsync_ManyBundlesAtOnceInASmallCache_ServesThemAll()
    {
        var cache = Cache(bytesMax: 250);
        var digests = Enumerable.Range(0, 12).Select(i => Pack($"{(char)('a' + i)}", 100)).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Token }, async (number, token) =>
        {
            using var bundle = await cache.OpenAsync(Org, digests[number * 7 % digests.Count], token);
            var name = Assert.Single(bundle.Snapshot.Files.Keys);
            Assert.Equal(new string(name[0], 100), await File.ReadAllTextAsync(Path.Combine(bundle.Snapshot.Root, name), token));
        });
        (await OpenAsync(cache, digests[0])).Dispose();
        Assert.InRange(Entries().Count(), 1, 2);
    }

    [Fact]
    public async Task OpenAsync_HostileArchive_RefusesTheBatchAndLeavesNothing()
    {
        var digest = new string('0', 64);
        _folder.File($"archives/{digest}", "no archive");
        var e = await Assert.ThrowsAsync<BatchRefusedException>(() => Cache().OpenAsync(Org, digest, Token));
        Assert.Equal(VerdictCodes.LoadError, e.Verdict.Code);
        Assert.Contains("Bundle 000000000000 cannot be unpacked. The archive is damaged", e.Message, StringComparison.Ordinal);
        Assert.Empty(Entries());
    }

    [Fact]
    public void New_WithWhatAKilledLifeLeft_RemovesIt()
    {
        _folder.File("cache/0000.1234.new/project/half", "");
        Cache();
        Assert.Empty(Entries());
    }

    private async Task<UnpackedBundle> OpenAsync(BundleCache cache, string digest)
    {
        _time.Now += TimeSpan.FromMinutes(1);
        return await cache.OpenAsync(Org, digest, Token);
    }

    private BundleCache Cache(long bytesMax = 1_000_000) => new(
        Path.Combine(_folder.Path, "cache"),
        bytesMax,
        (org, digest, _) =>
        {
            Assert.Equal(Org, org);
            Interlocked.Increment(ref _opened);
            return Task.FromResult<Stream>(File.OpenRead(Path.Combine(_folder.Path, "archives", digest)));
        },
        _time,
        NullLogger<BundleCache>.Instance);

    private string Pack(string name, int bytes)
    {
        _folder.File($"projects/{name}/{name}.spec.ts", new string(name[0], bytes));
        var archive = Path.Combine(_folder.Folder("archives"), name);
        var digest = BundlePacker.Pack(Path.Combine(_folder.Path, "projects", name), archive, Token).Digest;
        File.Move(archive, Path.Combine(_folder.Path, "archives", digest));
        return digest;
    }

    private IEnumerable<string> Entries() => Directory.EnumerateDirectories(Path.Combine(_folder.Path, "cache")).Select(folder => Path.GetFileName(folder)!).Order();

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
