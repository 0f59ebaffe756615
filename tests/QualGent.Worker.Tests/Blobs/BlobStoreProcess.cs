using System.Globalization;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Testing;

namespace QualGent.Worker.Tests.Blobs;

/// <summary>The API as a real process with a Redis of its own: where blobs come from.</summary>
public sealed class BlobStoreProcess : IAsyncLifetime
{
    public const string Org = "acme";

    private readonly TestFolder _folder = new();
    private RedisServer? _redis;
    private ServiceProcess? _api;

    public Uri Url { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        await StartAsync();
    }

    public async Task StartAsync()
    {
        _api = ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = _redis!.ConnectionString,
            ["ASPNETCORE_URLS"] = Url.ToString(),
            ["Blobs__Folder"] = _folder.Path,
        });
        await _api.WaitHealthyAsync(new Uri(Url, "/health"), TestContext.Current.CancellationToken);
    }

    public Task KillAsync() => _api!.KillAsync(TestContext.Current.CancellationToken);

    /// <summary>Stores bytes that nobody else has, and returns them with their digest.</summary>
    public async Task<(byte[] Content, string Digest)> AddAsync(int bytes)
    {
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        var digest = BlobDigest.Of(content);
        using var http = new HttpClient { BaseAddress = Url };
        Assert.True(await new QualGentClient(http, TimeProvider.System).PutBlobAsync(Org, digest, new MemoryStream(content), TestContext.Current.CancellationToken));
        return (content, digest);
    }

    /// <summary>The blob's file in the store.</summary>
    public string FileOf(string digest) => Directory.EnumerateFiles(_folder.Path, digest, SearchOption.AllDirectories).Single();

    public async ValueTask DisposeAsync()
    {
        await _api!.DisposeAsync();
        await _redis!.DisposeAsync();
        _folder.Dispose();
    }
}
