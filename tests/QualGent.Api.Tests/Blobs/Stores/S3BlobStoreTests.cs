using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using QualGent.Api.Blobs;
using QualGent.Api.Blobs.S3;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>A bucket keeps what every blob store promises; each test has keys of its own.</summary>
public sealed class S3BlobStoreTests : BlobStoreTests, IClassFixture<S3Server>, IDisposable
{
    private const int PartBytes = 8 * 1024 * 1024;
    private readonly S3Server _server;
    private readonly S3Bucket _bucket;
    private readonly IOptions<BlobOptions> _options;

    public S3BlobStoreTests(S3Server server)
    {
        _server = server;
        var s3 = new S3Options { ServiceUrl = server.Url, Bucket = S3Server.Bucket, Prefix = $"{Guid.NewGuid():N}/", AccessKey = server.Settings["Blobs__S3__AccessKey"], SecretKey = server.Settings["Blobs__S3__SecretKey"] };
        var options = Options.Create(new BlobOptions { S3 = s3, BytesMax = BytesMax, OrgBytesMax = OrgBytesMax });
        _bucket = new S3Bucket(options);
        _options = options;
        Store = NewInstance();
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
        var apk = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples/notes/workspace/apps/qualgent/notes-1.0.0.apk"), Token);
        await PutAsync(api, apk, BlobDigest.Of(apk));
        var app = await api.SendAsync("PUT", "/v1/orgs/acme/apps/v1", $$"""{"sha256":"{{BlobDigest.Of(apk)}}","file_name":"notes.apk"}""");
        Assert.Equal((HttpStatusCode.Created, "com.example.notes"), (app.Status, app.Text("package_id")));
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
        using var bucket = BucketAt(rude);

        var e = await Assert.ThrowsAsync<BlobStoreException>(() => bucket.FindAsync("key", Token));

        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
        rude.Stop();
        await hangingUp;
    }

    [Fact]
    public async Task Put_ThatBreaksOff_GoesOnBehindItsLastPart_AtAnyInstance()
    {
        var (name, content) = New("goes-on", 19_000_000);
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new BreakingStream(content, 9_000_000), 0, Token));
        Assert.Equal(PartBytes, await NewInstance().PartialLengthAsync(name, Token));
        await Assert.ThrowsAsync<IOException>(() => NewInstance().PutAsync(name, new BreakingStream(content[PartBytes..], 9_000_000), PartBytes, Token));

        var last = NewInstance();
        Assert.Equal(2 * PartBytes, await last.PartialLengthAsync(name, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await last.PutAsync(name, new MemoryStream(content[(2 * PartBytes)..]), 2 * PartBytes, Token));

        await using var stored = (await Store.OpenAsync(name, Token))!;
        Assert.Equal(name.Digest, await BlobDigest.OfAsync(stored, Token));
        Assert.Equal(0, await Store.PartialLengthAsync(name, Token));
    }

    [Fact]
    public async Task Put_ThatGoesOnWithOtherBytes_IsRefused_AndBeginsAnew()
    {
        var (name, content) = New("mixed", 10_000_000);
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new BreakingStream(New("mixed", 9_000_000).Content, 9_000_000), 0, Token));

        Assert.IsType<BlobPut.WrongDigest>(await Store.PutAsync(name, new MemoryStream(content[PartBytes..]), PartBytes, Token));

        Assert.Equal(new BlobPut.WrongOffset(0), await Store.PutAsync(name, new MemoryStream(content[PartBytes..]), PartBytes, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await Store.PutAsync(name, new MemoryStream(content), 0, Token));
    }

    [Fact]
    public async Task Put_ThatBrokeOff_CountsForItsOrganisation_UntilItIsGivenUp()
    {
        var ((name, content), (other, rest)) = (New("counts", 18_000_000), New("counts", 15_000_000));
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new BreakingStream(content, 17_000_000), 0, Token));
        Assert.Equal(new BlobPut.OrgFull(OrgBytesMax), await Store.PutAsync(other, new MemoryStream(rest), 0, Token));
        Assert.Equal(new BlobPut.OrgFull(OrgBytesMax), await NewInstance().PutAsync(other, new MemoryStream(rest), 0, Token));

        await Store.SweepUploadsAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1), Token);

        Assert.Equal(0, await Store.PartialLengthAsync(name, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await NewInstance().PutAsync(other, new MemoryStream(rest), 0, Token));
    }

    [Fact]
    public async Task Api_OnABucket_OffersWhereAnUploadBrokeOff_AlsoInItsNextLife()
    {
        await using var api = new ApiServer();
        foreach (var (setting, value) in _server.Settings)
        {
            api.Settings[setting] = value;
        }

        await api.InitializeAsync();
        var (content, digest) = BlobServer.NewBlob(12_000_000);
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, api.Url.Port, Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"PUT {BlobServer.PathOf("acme", digest)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {content.Length}\r\n\r\n"), Token);
            // The server hears of the end when a megabyte of this is still to be read.
            for (var sent = 0; sent < 11_000_000;)
            {
                sent += await socket.SendAsync(content.AsMemory(sent, 11_000_000 - sent), Token);
            }
        }

        await Eventually.GetAsync(() => api.SendAsync("HEAD", BlobServer.PathOf("acme", digest)), answer => answer.Headers.GetValueOrDefault(BlobHeaders.UploadOffset) == $"{PartBytes}", "the broken upload is offered", Token);
        await api.Process.KillAsync(Token);
        await api.StartAsync(Token);

        await PutAsync(api, content, digest, PartBytes);

        Assert.Equal(content, await api.Http.GetByteArrayAsync(new Uri(api.Url, BlobServer.PathOf("acme", digest)), Token));
    }

    // A server that promises more than it sends.
    [Fact]
    public async Task Blob_WhoseBucketHangsUpWhileItIsRead_IsAStoreThatIsAway()
    {
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        var hangingUp = HangUpAsync(rude, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
        using var bucket = BucketAt(rude);
        await using var blob = new S3ReadStream(bucket, "key", 100);

        await Assert.ThrowsAsync<BlobStoreException>(() => blob.ReadExactlyAsync(new byte[100], Token).AsTask());

        rude.Stop();
        await hangingUp;
    }

    [Fact]
    public async Task Upload_ThatTheBucketHasForgotten_IsNoneThatSucceeded()
    {
        const string Error = "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>";
        using var forgetful = new TcpListener(IPAddress.Loopback, 0);
        forgetful.Start();
        var answering = HangUpAsync(forgetful, $"HTTP/1.1 404 Not Found\r\nContent-Type: application/xml\r\nContent-Length: {Error.Length}\r\nConnection: close\r\n\r\n{Error}");
        using var bucket = BucketAt(forgetful);

        await Assert.ThrowsAsync<BlobStoreException>(() => bucket.AddPartAsync("key", "upload", 1, new byte[8], 8, Token));
        await Assert.ThrowsAsync<BlobStoreException>(() => bucket.CompleteAsync("key", "upload", ["tag"], Token));

        forgetful.Stop();
        await answering;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private S3BlobStore NewInstance() => new(_bucket, _options, TimeProvider.System);

    private static S3Bucket BucketAt(TcpListener listener) =>
        new(Options.Create(new BlobOptions { S3 = new S3Options { ServiceUrl = $"http://{listener.LocalEndpoint}", Bucket = "b", AccessKey = "a", SecretKey = "hunter2" } }));

    // Reads the head of a request and closes the connection.
    private static async Task HangUpAsync(TcpListener listener, string answer = "")
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptTcpClientAsync(Token);
                Assert.True(await caller.GetStream().ReadAsync(new byte[4096], Token) >= 0);
                await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private static (BlobName Name, byte[] Content) New(string org = "marks", int bytes = 100)
    {
        var (content, digest) = BlobServer.NewBlob(bytes);
        return (new BlobName(org, digest), content);
    }

    // As another instance leaves it while it removes the blob.
    private async Task<string> MarkAsync(BlobName name)
    {
        var mark = $"going/{name.OrgId}/{name.Digest}/{Guid.NewGuid():N}";
        await _bucket.WriteAsync(mark, [], Token);
        return mark;
    }

    private static async Task PutAsync(ApiServer api, byte[] content, string digest, int from = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(api.Url, BlobServer.PathOf("acme", digest))) { Content = new ByteArrayContent(content, from, content.Length - from) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Content.Headers.ContentRange = from > 0 ? new(from, content.Length - 1, content.Length) : null;
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
