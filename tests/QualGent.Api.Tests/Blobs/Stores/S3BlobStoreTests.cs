using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using QualGent.Api.Blobs;
using QualGent.Api.Blobs.S3;
using QualGent.Testing;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>A bucket keeps what every blob store promises; each test has keys of its own.</summary>
public sealed class S3BlobStoreTests : BlobStoreTests, IClassFixture<S3Server>, IDisposable
{
    private readonly S3Server _server;
    private readonly S3Bucket _bucket;

    public S3BlobStoreTests(S3Server server)
    {
        _server = server;
        var s3 = new S3Options { ServiceUrl = server.Url, Bucket = S3Server.Bucket, Prefix = $"{Guid.NewGuid():N}/", AccessKey = server.Settings["Blobs__S3__AccessKey"], SecretKey = server.Settings["Blobs__S3__SecretKey"] };
        var options = Options.Create(new BlobOptions { S3 = s3, BytesMax = BytesMax, OrgBytesMax = OrgBytesMax });
        _bucket = new S3Bucket(options);
        Store = new S3BlobStore(_bucket, options, TimeProvider.System);
    }

    private protected override IBlobStore Store { get; }

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Api_OnABucket_ServesRangesAndCollects_ButNothingOfAForeignPool()
    {
        await using var api = new ApiServer { Settings = { ["Blobs__CollectEvery"] = "00:00:00.2" } };
        foreach (var (name, value) in _server.Settings)
        {
            api.Settings[name] = value;
        }

        await api.InitializeAsync();
        var (content, digest) = BlobServer.NewBlob(100_000);
        await PutAsync(api, content, digest);
        using var range = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Url, BlobServer.PathOf("acme", digest))) { Headers = { Range = new(50_000, 50_009) } };
        using var part = await api.Http.SendAsync(range, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(content[50_000..50_010], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(api.BlobFolder.EnumerateFileSystemInfos());
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("HEAD", BlobServer.PathOf("acme", digest))).Status);
        await Eventually.HoldsAsync(() => Stored().Any(path => path.Contains("pool-id", StringComparison.Ordinal)), "the bucket knows its pool", TestContext.Current.CancellationToken);

        AgeAll();
        await Eventually.HoldsAsync(() => !Stored().Any(path => path.Contains(digest, StringComparison.Ordinal)), "what nothing refers to is gone", TestContext.Current.CancellationToken);
        await PutAsync(api, content, digest);
        using (var redis = await api.Redis.ConnectAsync())
        {
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        }

        AgeAll();
        await Eventually.HoldsAsync(() => api.Process.Output.Contains("No blob is removed", StringComparison.Ordinal), "the API says why nothing is removed", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("HEAD", BlobServer.PathOf("acme", digest))).Status);
    }

    [Fact]
    public async Task Api_WhoseBucketIsAway_SaysSo()
    {
        await using var api = new ApiServer { Settings = { ["Blobs__S3__ServiceUrl"] = "http://127.0.0.1:1", ["Blobs__S3__Bucket"] = "b", ["Blobs__S3__AccessKey"] = "a", ["Blobs__S3__SecretKey"] = "hunter2" } };
        await api.InitializeAsync();

        var answer = await api.SendAsync("PUT", BlobServer.PathOf("acme", new string('a', 64)), "x", "application/octet-stream");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store_unavailable"), (answer.Status, answer.Text("code")));
        Assert.Contains("The blob store does not answer", api.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", api.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WhileAnotherInstanceRemovesTheSame_TakesNoMarkButItsOwn()
    {
        var (name, content) = New();
        await Store.PutAsync(name, new MemoryStream(content), 0, Token);
        var others = await MarkAsync(name);

        Assert.True(await Store.DeleteAsync(name, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1), Token));

        Assert.NotNull(await _bucket.FindAsync(others, Token));
        await foreach (var mark in _bucket.ListAsync("going/", Token))
        {
            Assert.Equal(others, mark.Key);
        }
    }

    [Fact]
    public async Task Touch_OfABlobThatIsBeingRemoved_PromisesNothing_UnlessWhoDidItIsDead()
    {
        var (name, content) = New();
        await Store.PutAsync(name, new MemoryStream(content), 0, Token);
        var mark = await MarkAsync(name);

        Assert.Null(await Store.TouchAsync(name, Token));

        var file = Assert.Single(_server.Folder.EnumerateFiles("*", SearchOption.AllDirectories), file => file.FullName.Contains(Path.GetFileName(mark), StringComparison.Ordinal) && file.Name.EndsWith("_object", StringComparison.Ordinal));
        file.LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(2);
        Assert.Equal(content.Length, await Store.TouchAsync(name, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: false), await Store.PutAsync(name, new MemoryStream(content), 0, Token));
    }

    [Fact]
    public async Task Bucket_ThatHangsUp_IsAStoreThatIsAway()
    {
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        var hangingUp = HangUpAsync(rude);
        using var bucket = new S3Bucket(Options.Create(new BlobOptions { S3 = new S3Options { ServiceUrl = $"http://{rude.LocalEndpoint}", Bucket = "b", AccessKey = "a", SecretKey = "hunter2" } }));

        var e = await Assert.ThrowsAsync<BlobStoreException>(() => bucket.FindAsync("key", Token));

        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
        rude.Stop();
        await hangingUp;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Reads the head of a request and closes the connection.
    private static async Task HangUpAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptTcpClientAsync(Token);
                Assert.True(await caller.GetStream().ReadAsync(new byte[4096], Token) >= 0);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private static (BlobName Name, byte[] Content) New()
    {
        var (content, digest) = BlobServer.NewBlob(100);
        return (new BlobName("marks", digest), content);
    }

    // As another instance leaves it while it removes the blob.
    private async Task<string> MarkAsync(BlobName name)
    {
        var mark = $"going/{name.OrgId}/{name.Digest}/{Guid.NewGuid():N}";
        await _bucket.WriteAsync(mark, [], Token);
        return mark;
    }

    private static async Task PutAsync(ApiServer api, byte[] content, string digest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(api.Url, BlobServer.PathOf("acme", digest))) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        using var answer = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private IEnumerable<string> Stored() => _server.Folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.FullName).Where(path => path.Contains("of-a-team", StringComparison.Ordinal));

    // As if everything had been written two days ago.
    private void AgeAll()
    {
        foreach (var path in Stored())
        {
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(2));
        }
    }
}
