using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Testing;

namespace QualGent.Api.Tests.Blobs;

/// <summary>The API with small limits: 4 MB for a blob, 6 MB for an organisation.</summary>
public sealed class BlobServer : IAsyncLifetime
{
    public const int BytesMax = 4_000_000;
    public const int OrgBytesMax = 6_000_000;

    public ApiServer Api { get; } = new() { Settings = { ["Blobs__BytesMax"] = $"{BytesMax}", ["Blobs__OrgBytesMax"] = $"{OrgBytesMax}" } };

    public QualGentClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Api.InitializeAsync();
        Client = new QualGentClient(new HttpClient { BaseAddress = Api.Url, Timeout = Timeout.InfiniteTimeSpan }, TimeProvider.System);
    }

    /// <summary>Bytes that nobody else has, and their digest.</summary>
    public static (byte[] Content, string Digest) NewBlob(int bytes)
    {
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        return (content, BlobDigest.Of(content));
    }

    public static string PathOf(string org, string digest) => $"/v1/orgs/{org}/blobs/{digest}";

    /// <summary>One PUT, without the typed client's repairs.</summary>
    public async Task<Answer> PutAsync(string org, string digest, byte[] content, long? offset = null, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Api.Url, PathOf(org, digest))) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.TransferEncodingChunked = chunked;
        if (offset is { } from)
        {
            request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, from + content.Length - 1, from + content.Length);
        }

        using var response = await Api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A PUT whose connection breaks after some bytes, once the API has them.</summary>
    public async Task BreakOffAsync(string org, string digest, byte[] content, int after)
    {
        using (var socket = await ConnectAsync(org, digest, content.Length))
        {
            await socket.SendAsync(content.AsMemory(0, after), TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(() => Files().Where(file => file.FullName.Contains($"/{org}/", StringComparison.Ordinal)).Sum(file => file.Length) >= after, "the API has the first bytes on disk", TestContext.Current.CancellationToken);
        }

        await Eventually.GetAsync(() => Api.SendAsync("HEAD", PathOf(org, digest)), answer => answer.Headers.ContainsKey(BlobHeaders.UploadOffset), "the broken upload is offered", TestContext.Current.CancellationToken);
    }

    /// <summary>The head of a PUT has been sent, its body not.</summary>
    public async Task<Socket> ConnectAsync(string org, string digest, int bytes)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Api.Url.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"PUT {PathOf(org, digest)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {bytes}\r\n\r\n"), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>All files of the store but the pool's id.</summary>
    public IReadOnlyList<FileInfo> Files() => [.. Api.BlobFolder.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name != "pool-id")];

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
