using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using QualGent.Api.Blobs;
using QualGent.Scheduling;
using QualGent.Scheduling.Blobs;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Api.Tests.Blobs;

/// <summary>A Redis that is emptied while a look for blobs is on its way empties no store either.</summary>
public sealed class EmptiedRedisTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qualgent-blobs-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Look_WhoseRedisIsEmptiedAfterItBegan_RemovesNothing()
    {
        await using var server = await RedisServer.StartAsync(Token);
        using var redis = await server.ConnectAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IConnectionMultiplexer>(redis);
        builder.AddScheduling();
        using var host = builder.Build();
        var references = new EmptiedBeforeRead(host.Services.GetRequiredService<IBlobReferences>(), redis.GetDatabase());
        var options = Options.Create(new BlobOptions { Folder = _folder.FullName, CollectEvery = TimeSpan.FromMilliseconds(100) });
        var store = new FileBlobStore(new BlobFolder(options), options, TimeProvider.System);
        var (content, digest) = BlobServer.NewBlob(10);
        await store.PutAsync(new BlobName("acme", digest), new MemoryStream(content), 0, Token);
        var blob = Assert.Single(_folder.EnumerateFiles(digest, SearchOption.AllDirectories));
        blob.LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(2);
        using var collector = new BlobCollector(store, references, options, TimeProvider.System, NullLogger<BlobCollector>.Instance);

        await collector.StartAsync(Token);
        // One may be of the look that read the references; then the next has begun.
        await Eventually.HoldsAsync(() => references.AskedForPoolSince >= 2, "the look that began before Redis was emptied has ended", Token);
        await collector.StopAsync(Token);

        blob.Refresh();
        Assert.True(blob.Exists);
    }

    /// <summary>The pool's references, but Redis is emptied just before they are read.</summary>
    private sealed class EmptiedBeforeRead(IBlobReferences references, IDatabase redis) : IBlobReferences
    {
        private bool _isEmptied;
        private int _asked;

        /// <summary>How often the pool's id was asked for since Redis was emptied.</summary>
        public int AskedForPoolSince => Volatile.Read(ref _asked);

        public Task<string?> ReadPoolIdAsync(CancellationToken cancellationToken)
        {
            _asked += _isEmptied ? 1 : 0;
            return references.ReadPoolIdAsync(cancellationToken);
        }

        public Task<string> EnsurePoolIdAsync(CancellationToken cancellationToken) => references.EnsurePoolIdAsync(cancellationToken);

        public async Task<IReadOnlySet<BlobReference>> ReadAsync(CancellationToken cancellationToken)
        {
            await redis.ExecuteAsync("FLUSHALL");
            _isEmptied = true;
            return await references.ReadAsync(cancellationToken);
        }
    }
}
