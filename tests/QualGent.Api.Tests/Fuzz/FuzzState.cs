using System.Text;
using System.Text.RegularExpressions;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Api.Tests.Fuzz;

/// <summary>
/// What is stored before every case: a run that failed, an open one, a device, a build, a blob. Shows what a request has changed, and
/// takes it back, so that ten thousand cases are as quick as the first.
/// </summary>
internal sealed partial class FuzzState(ApiServer api, DirectoryInfo around) : IAsyncDisposable
{
    public const string Org = "acme";
    public const string Key = "submitted-before";
    private static readonly string[] s_background = [":sweep", ":audit", ":pool_id"];
    private ConnectionMultiplexer _client = null!;
    private SortedDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private HashSet<string> _files = [];

    /// <summary>Bytes of the blob.</summary>
    public static byte[] Content { get; } = Encoding.UTF8.GetBytes("PK no archive, only bytes that a digest belongs to");

    public string Blob { get; } = BlobDigest.Of(Content);

    public string EndedRun { get; private set; } = "";

    public string EndedJob { get; private set; } = "";

    public string OpenRun { get; private set; } = "";

    public string OpenJob { get; private set; } = "";

    public string Device { get; private set; } = "";

    private IDatabase Database => _client.GetDatabase();

    public async Task FillAsync()
    {
        _client = await api.Redis.ConnectAsync();
        var ended = await api.PostAsync("/v1/runs", """{"org_id":"acme","app_version_id":"v1","tests":["tests/a.spec.ts","tests/b.spec.ts"],"target":"simulated","attempts_max":1}""");
        (EndedRun, EndedJob) = (ended.Text("run.id")!, ended.Json.GetProperty("job_ids")[0].GetString()!);
        await using (var agent = await TestAgent.RegisterAsync(api, "fuzzed"))
        {
            await agent.WorkAsync(JobOutcome.Failed, VerdictCodes.Assertion);
        }

        var open = await api.PostAsync("/v1/jobs", """{"org_id":"acme","app_version_id":"v1","test_path":"tests/a.spec.ts","lease_seconds":3600}""", ("Idempotency-Key", Key));
        (OpenRun, OpenJob) = (open.Text("job.run_id")!, open.Text("job.id")!);
        Device = (await api.GetAsync("/v1/devices")).Json.GetProperty("devices")[0].GetProperty("id").GetString()!;
        using var content = new ByteArrayContent(Content);
        content.Headers.ContentType = new("application/octet-stream");
        using var stored = await api.Http.PutAsync(new Uri(api.Url, $"/v1/orgs/{Org}/blobs/{Blob}"), content);
        stored.EnsureSuccessStatusCode();
        await api.SendAsync("PUT", $"/v1/orgs/{Org}/apps/v1", $$"""{"sha256":"{{Blob}}","file_name":"app.apk"}""");
        await KeepAsync();
    }

    /// <summary>Names of keys and files that are not as they were.</summary>
    public async Task<IReadOnlyList<string>> ChangedAsync()
    {
        var keys = await ReadKeysAsync();
        return [.. Different(_keys, keys), .. ReadFiles().Except(_files), .. _files.Except(ReadFiles())];
    }

    /// <summary>Takes back what was written to Redis; files may stay.</summary>
    public async Task RestoreAsync()
    {
        var keys = await ReadKeysAsync();
        await Task.WhenAll(Different(_keys, keys).Select(key => _keys.TryGetValue(key, out var content)
            ? Database.ExecuteAsync("RESTORE", (RedisKey)key, 0, content, "REPLACE")
            : Database.ExecuteAsync("DEL", (RedisKey)key)));
        _files = ReadFiles();
    }

    /// <summary>Files that no blob store would have made, wherever they are.</summary>
    public IReadOnlyList<string> Strays() => [.. ReadFiles().Where(file => !BlobFile().IsMatch(file))];

    public async ValueTask DisposeAsync()
    {
        await _client.CloseAsync();
        _client.Dispose();
    }

    private async Task KeepAsync()
    {
        _keys = await ReadKeysAsync();
        _files = ReadFiles();
    }

    private static IEnumerable<string> Different(SortedDictionary<string, byte[]> before, SortedDictionary<string, byte[]> after) =>
        before.Keys.Union(after.Keys).Where(key => !before.TryGetValue(key, out var old) || !after.TryGetValue(key, out var now) || !old.AsSpan().SequenceEqual(now));

    private async Task<SortedDictionary<string, byte[]>> ReadKeysAsync()
    {
        var names = ((string[])(await Database.ExecuteAsync("KEYS", "*"))!).Where(key => !s_background.Any(own => key.EndsWith(own, StringComparison.Ordinal))).ToArray();
        var contents = await Task.WhenAll(names.Select(name => Database.ExecuteAsync("DUMP", (RedisKey)name)));
        return new SortedDictionary<string, byte[]>(names.Zip(contents).ToDictionary(pair => pair.First, pair => (byte[]?)pair.Second ?? []), StringComparer.Ordinal);
    }

    private HashSet<string> ReadFiles() => [.. around.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(around.FullName, file.FullName))];

    [GeneratedRegex("^a/b/c/blobs/(pool-id|orgs/[a-z0-9=_+-][a-z0-9=_+.-]*/(blobs/[0-9a-f]{2}/[0-9a-f]{64}|uploads/([0-9a-f]{32}|[0-9a-f]{64})))$")]
    private static partial Regex BlobFile();
}
