using System.Globalization;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Fixtures;

/// <summary>The real system as processes: a private Redis, the API, and on demand a worker with two simulated devices.</summary>
public sealed class Deployment : IAsyncLifetime
{
    private readonly int _port = FreePort.Next();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("qgjob-worker-");
    private RedisServer? _redis;
    private ServiceProcess? _api;
    private ServiceProcess? _worker;

    /// <summary>For <c>--api-url</c>.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        await StartApiAsync();
        _worker = ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Worker"), [], new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = _redis.ConnectionString,
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Worker__Name"] = "cli-tests",
            ["Worker__StateDir"] = _state.FullName,
            ["Worker__Providers__Simulated__Devices"] = "2",
            ["Worker__Providers__Simulated__SlowDuration"] = "00:00:05",
        });
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        await Eventually.GetAsync(() => http.GetStringAsync("/v1/devices", TestContext.Current.CancellationToken), list => list.Contains("simulated-cli-tests-2", StringComparison.Ordinal), "the worker's devices are registered", TestContext.Current.CancellationToken);
    }

    /// <summary>Starts the API on its port.</summary>
    public async Task StartApiAsync()
    {
        _api = ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = _redis!.ConnectionString,
            ["ASPNETCORE_URLS"] = Url,
            ["Blobs__Folder"] = Path.Combine(_state.FullName, "blobs"),
        });
        await _api.WaitHealthyAsync(new Uri(Url + "/health"), TestContext.Current.CancellationToken);
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillApiAsync() => _api!.KillAsync(TestContext.Current.CancellationToken);

    /// <summary>Runs <c>qgjob</c> as a process against this deployment.</summary>
    internal Task<Outcome> RunAsync(params string[] args) => CliProcess.RunAsync([.. args, "--api-url=" + Url]);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (IAsyncDisposable?[])[_worker, _api, _redis])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _state.Delete(recursive: true);
    }
}
