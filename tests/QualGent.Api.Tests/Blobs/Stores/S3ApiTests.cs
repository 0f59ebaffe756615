using System.Net;
using System.Net.Sockets;
using System.Text;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>The API with its blobs in a bucket. Each test has a prefix of its own, so none finds the pool's id of another.</summary>
public sealed class S3ApiTests(S3Server server) : IClassFixture<S3Server>
{
    private const int PartBytes = 8 * 1024 * 1024;
    private readonly string _prefix = $"{Guid.NewGuid():N}/";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Api_OnABucket_ServesRangesAndCollects_ButNothingOfAForeignPool()
    {
        await using var api = await StartAsync();
        var (content, digest) = BlobServer.NewBlob(100_000);
        await PutAsync(api, content, digest);
        using var range = new HttpRequestMessage(HttpMethod.Get, new Uri(api.Url, BlobServer.PathOf("acme", digest))) { Headers = { Range = new(50_000, 50_009) } };
        using var part = await api.Http.SendAsync(range, Token);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(content[50_000..50_010], await part.Content.ReadAsByteArrayAsync(Token));
        Assert.Empty(api.BlobFolder.EnumerateFileSystemInfos());
        var apk = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples/notes/workspace/apps/qualgent/notes-1.0.0.apk"), Token);
        var build = BlobDigest.Of(apk);
        await PutAsync(api, apk, build);
        var app = await api.SendAsync("PUT", "/v1/orgs/acme/apps/v1", $$"""{"sha256":"{{build}}","file_name":"notes.apk"}""");
        Assert.Equal((HttpStatusCode.Created, "com.example.notes"), (app.Status, app.Text("package_id")));
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync("HEAD", BlobServer.PathOf("acme", digest))).Status);

        await WhileAllIsOldAsync(api, () => !IsThere(digest), "what nothing refers to is gone", digest, build);
        Assert.True(IsThere(build));
        await PutAsync(api, content, digest);
        using (var redis = await api.Redis.ConnectAsync())
        {
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        }

        await WhileAllIsOldAsync(api, () => api.Process.Output.Contains("No blob is removed", StringComparison.Ordinal), "the API says why nothing is removed", digest, build);
        Assert.True(IsThere(digest) && IsThere(build));
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
    public async Task Api_OnABucket_OffersWhereAnUploadBrokeOff_AlsoInItsNextLife()
    {
        await using var api = await StartAsync();
        var (content, digest) = BlobServer.NewBlob(12_000_000);
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, api.Url.Port, Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"PUT {BlobServer.PathOf("acme", digest)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {content.Length}\r\n\r\n"), Token);
            // The server hears of the end when a megabyte of this is still to be read.
            await SendAsync(socket, content.AsMemory(0, 11_000_000));
        }

        await Eventually.GetAsync(() => api.SendAsync("HEAD", BlobServer.PathOf("acme", digest)), answer => answer.Headers.GetValueOrDefault(BlobHeaders.UploadOffset) == $"{PartBytes}", "the broken upload is offered", Token);
        await api.Process.KillAsync(Token);
        await api.StartAsync(Token);

        await PutAsync(api, content, digest, PartBytes);

        Assert.Equal(content, await api.Http.GetByteArrayAsync(new Uri(api.Url, BlobServer.PathOf("acme", digest)), Token));
    }

    private async Task<ApiServer> StartAsync()
    {
        var api = new ApiServer { Settings = { ["Blobs__CollectEvery"] = "00:00:00.2" } };
        foreach (var (name, value) in server.SettingsOf(_prefix))
        {
            api.Settings[name] = value;
        }

        await api.InitializeAsync();
        return api;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Eventually.Budget);
        while (bytes.Length > 0)
        {
            try
            {
                bytes = bytes[await socket.SendAsync(bytes, limit.Token)..];
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
                throw new TimeoutException($"Never happened: the API reads the last {bytes.Length} bytes of an upload.");
            }
        }
    }

    private static async Task PutAsync(ApiServer api, byte[] content, string digest, int from = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(api.Url, BlobServer.PathOf("acme", digest))) { Content = new ByteArrayContent(content, from, content.Length - from) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Content.Headers.ContentRange = from > 0 ? new(from, content.Length - 1, content.Length) : null;
        using var answer = await api.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private bool IsThere(string digest) => FileOf("blobs", digest).Exists;

    private FileInfo FileOf(string kind, string digest) => server.FileOf($"{_prefix}{kind}/acme/{digest}");

    // Should it never happen, the files' times and what the API said tell why.
    private async Task WhileAllIsOldAsync(ApiServer api, Func<bool> condition, string what, params string[] digests)
    {
        await Eventually.GetAsync(
            () =>
            {
                var times = digests.SelectMany(digest => (string[])[MakeOld(FileOf("used", digest)), MakeOld(FileOf("blobs", digest))]).ToArray();
                return Task.FromResult((Holds: condition(), Seen: string.Join('\n', [.. times, api.Process.Output])));
            },
            state => state.Holds,
            what,
            Token);
    }

    // As if it had been written two days ago; again and again, because the server answers before it has written all of a file.
    private static string MakeOld(FileInfo file)
    {
        try
        {
            var before = file.LastWriteTimeUtc;
            file.LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(2);
            return $"{before:u} {file.FullName}";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"removed: {file.FullName}";
        }
    }
}
