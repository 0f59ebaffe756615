using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QualGent.Contracts;
using QualGent.Scheduling;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Worker.Tests.Agent;

/// <summary>A private Redis and the submitter's side of the queue, which also sweeps: what the API does for real agents.</summary>
public sealed class Pool : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Dictionary<string, string> _settings;

    private Pool(RedisServer redis, IHost host, Dictionary<string, string> settings) => (Redis, _host, _settings) = (redis, host, settings);

    public RedisServer Redis { get; }

    public IJobQueue Queue => _host.Services.GetRequiredService<IJobQueue>();

    public IJobArtifacts Artifacts => _host.Services.GetRequiredService<IJobArtifacts>();

    public IQueueControl Control => _host.Services.GetRequiredService<IQueueControl>();

    public IAgentQueue Agents => _host.Services.GetRequiredService<IAgentQueue>();

    /// <summary>Settings of the pool as an agent's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => _settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);

    /// <summary>Starts it.</summary>
    /// <param name="lease">A short lease, and then everything else is short too; without one all times are those of production.</param>
    public static async Task<Pool> StartAsync(TimeSpan? lease = null)
    {
        var redis = await RedisServer.StartAsync(TestContext.Current.CancellationToken, fsync: "always");
        var settings = new Dictionary<string, string> { ["ConnectionStrings:redis"] = redis.ConnectionString };
        if (lease is { } shorter)
        {
            settings["Scheduling:LeaseDuration"] = shorter.ToString("c", CultureInfo.InvariantCulture);
            settings["Scheduling:OutageAfter"] = "00:00:02";
            settings["Scheduling:RetryBaseDelay"] = "00:00:00.1";
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IConnectionMultiplexer>(await redis.ConnectAsync());
        builder.AddScheduling();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new Pool(redis, host, settings);
    }

    /// <summary>Submits one run and returns its jobs in order.</summary>
    public async Task<IReadOnlyList<string>> SubmitAsync(
        IReadOnlyList<string> tests, string target = Targets.Simulated, string app = "1.0.0", string org = "acme", int attempts = 1, string? project = null, string reset = ResetModes.Clear, int timeoutSeconds = 60)
    {
        var request = new SubmitRunRequest { OrgId = org, AppVersionId = app, Target = target, Tests = [.. tests], AttemptsMax = attempts, Project = project, Reset = reset, TimeoutSeconds = timeoutSeconds };
        var accepted = await Queue.AcceptAsync(RunSubmission.From(request, traceParent: null), null, TestContext.Current.CancellationToken);
        return Assert.IsType<AcceptResult.Accepted>(accepted).JobIds;
    }

    /// <summary>All lines of a job's log.</summary>
    public async Task<string> ReadLogAsync(string jobId) =>
        string.Join('\n', (await _host.Services.GetRequiredService<IJobLog>().ReadAsync(jobId, null, null, TestContext.Current.CancellationToken)).SelectMany(chunk => chunk.Lines));

    public async Task<JobView> GetAsync(string jobId) => (await Queue.GetJobAsync(jobId, TestContext.Current.CancellationToken))!;

    // The first batch on a machine installs npm dependencies, which takes minutes when everybody is busy.
    public Task<JobView> WaitAsync(string jobId, Func<JobView, bool> accept, string what) =>
        Eventually.GetAsync(() => GetAsync(jobId), accept, $"{jobId} {what}", TestContext.Current.CancellationToken, TimeSpan.FromMinutes(6));

    /// <summary>Waits until all have ended.</summary>
    public async Task<IReadOnlyList<JobView>> EndAsync(IEnumerable<string> jobIds)
    {
        var ended = new List<JobView>();
        foreach (var id in jobIds)
        {
            ended.Add(await WaitAsync(id, job => job.Status.IsTerminal(), "has ended"));
        }

        return ended;
    }

    public async Task<DeviceView> WaitDeviceAsync(Func<DeviceView, bool> accept, string what)
    {
        var devices = await Eventually.GetAsync(
            async () => (await Queue.ListDevicesAsync(TestContext.Current.CancellationToken)).Devices, list => list.Any(accept), what, TestContext.Current.CancellationToken);
        return devices.First(accept);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Redis.DisposeAsync();
    }
}
