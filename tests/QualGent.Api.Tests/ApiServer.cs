using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Api.Tests;

/// <summary>The API as a real process on a free port, with a Redis of its own.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    private static readonly string[] s_sweeps = [":sweep", ":audit", ":pool_id"];
    private readonly HttpClient _http = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(60) };
    private ConnectionMultiplexer? _redisClient;

    public RedisServer Redis { get; private set; } = null!;

    public ServiceProcess Process { get; private set; } = null!;

    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>Where the API keeps blobs.</summary>
    public DirectoryInfo BlobFolder { get; init; } = Directory.CreateTempSubdirectory("qualgent-blobs-");

    /// <summary>A client for bytes and headers as they are.</summary>
    public HttpClient Http => _http;

    /// <summary>Durability of the private Redis; <c>always</c> where it is killed.</summary>
    public string Fsync { get; set; } = "no";

    /// <summary>More settings, as environment variables.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>A program that becomes the API's process, with its arguments.</summary>
    public IReadOnlyList<string> Wrapper { get; set; } = [];

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken, Fsync);
        await StartAsync(TestContext.Current.CancellationToken);
        _redisClient = await Redis.ConnectAsync();
    }

    /// <summary>Starts the process, again after a kill, on the same address.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(Settings) { ["ConnectionStrings__redis"] = Redis.ConnectionString, ["ASPNETCORE_URLS"] = Url.ToString(), ["Blobs__Folder"] = BlobFolder.FullName };
        string[] command = [.. Wrapper, "dotnet", Repository.Assembly("QualGent.Api")];
        Process = ServiceProcess.Start(command[0], command[1..], environment);
        await Process.WaitHealthyAsync(new Uri(Url, "/health"), cancellationToken);
    }

    /// <summary>Sends a request with a body as it stands.</summary>
    public async Task<Answer> SendAsync(string method, string path, string? body = null, string? contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Url, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (contentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, "application/json", headers);

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    /// <summary>Opens a stream of server-sent events.</summary>
    public Task<EventStream> WatchAsync(string runId, string? lastEventId = null) => EventStream.OpenAsync(_http, new Uri(Url, $"/v1/runs/{runId}/events"), lastEventId);

    /// <summary>Opens a job's log as a stream of events.</summary>
    public Task<EventStream> FollowAsync(string jobId, string query, string? lastEventId = null) => EventStream.OpenAsync(_http, new Uri(Url, $"/v1/jobs/{jobId}/log?{query}"), lastEventId);

    /// <summary>The instant, in milliseconds, at which a sweep cancels the run.</summary>
    public async Task<double> LapseAsync(string runId) => await _redisClient!.GetDatabase().SortedSetScoreAsync("qg:{main}:lapsing", runId) ?? throw new InvalidOperationException($"{runId} has no end.");

    /// <summary>
    /// Every key in Redis with a hash of its value, but what background work remembers of itself: equal digests mean that nothing was
    /// stored. Only where nothing goes on by itself: an agent that stopped, with jobs waiting for its device, is woken again every two
    /// seconds; retries fall due, leases of runs and devices end.
    /// </summary>
    public async Task<string> DigestAsync()
    {
        var digest = new StringBuilder();
        var database = _redisClient!.GetDatabase();
        foreach (var key in ((string[])(await database.ExecuteAsync("KEYS", "*"))!).Where(key => !s_sweeps.Any(own => key.EndsWith(own, StringComparison.Ordinal))).Order(StringComparer.Ordinal))
        {
            var value = SHA256.HashData((byte[])(await database.ExecuteAsync("DUMP", (RedisKey)key))!);
            digest.AppendLine(CultureInfo.InvariantCulture, $"{key} {Convert.ToHexString(value, 0, 8)}");
        }

        return digest.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (_redisClient is not null)
        {
            await _redisClient.CloseAsync();
            _redisClient.Dispose();
        }

        await Redis.DisposeAsync();
        _http.Dispose();
        BlobFolder.Delete(recursive: true);
    }
}

/// <summary>What the API answered.</summary>
public sealed record Answer(HttpStatusCode Status, string? MediaType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json { get; } = Body.StartsWith('{') ? JsonDocument.Parse(Body).RootElement : default;

    /// <summary>Text of a member, e.g. <c>job.id</c>.</summary>
    public string? Text(string path) => path.Split('.').Aggregate(Json, (json, name) => json.GetProperty(name)).GetString();

    public override string ToString() => $"{(int)Status} {MediaType} {Body}";
}
