using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QualGent.Contracts;
using QualGent.Scheduling;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Bench.Support;

/// <summary>The queue as the API and the worker register it, in this process, with one connection of its own.</summary>
internal sealed class BenchQueue : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchQueue(IHost host) => _host = host;

    public IJobQueue Jobs => _host.Services.GetRequiredService<IJobQueue>();

    public IAgentQueue Agents => _host.Services.GetRequiredService<IAgentQueue>();

    public IJobLog Log => _host.Services.GetRequiredService<IJobLog>();

    public IDatabase Database => _host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

    /// <summary>Opens the queue; <paramref name="sweeps"/> says whether this process also does the upkeep, as every process of the product does.</summary>
    public static async Task<BenchQueue> StartAsync(RedisServer redis, bool sweeps, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = redis.ConnectionString,
            ["Scheduling:QueuedPerOrgMax"] = "10000000",
            ["Scheduling:QueuedMax"] = "10000000",
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.AddRedisClient("redis");
        builder.AddScheduling();
        var host = builder.Build();
        if (sweeps)
        {
            await host.StartAsync(cancellationToken);
        }

        return new BenchQueue(host);
    }

    /// <summary>A run of so many test files.</summary>
    public static RunSubmission Run(string org, string app, int tests) => new()
    {
        OrgId = org,
        AppVersionId = app,
        Priority = Limits.PriorityDefault,
        Class = new RequirementClass(Targets.Emulator, Platforms.Android),
        Reset = ResetModes.Clear,
        AttemptsMax = Limits.AttemptsDefault,
        Timeout = TimeSpan.FromMinutes(10),
        QueueTimeout = TimeSpan.FromHours(24),
        Tests = [.. Enumerable.Range(0, tests).Select(i => $"tests/{i}.spec.ts")],
    };

    /// <summary>Stores a run and waits until all its jobs can be claimed.</summary>
    public async Task<AcceptResult.Accepted> AcceptAsync(RunSubmission run, CancellationToken cancellationToken) =>
        await Jobs.AcceptAsync(run, null, cancellationToken) as AcceptResult.Accepted ?? throw new InvalidOperationException("A run was refused.");

    /// <summary>Registers an agent with so many devices.</summary>
    public async Task<IReadOnlyList<BenchDevice>> RegisterAsync(string agent, int devices, CancellationToken cancellationToken)
    {
        var profiles = Enumerable.Range(0, devices).Select(i => new DeviceProfile
        {
            DeviceId = Ids.Device(agent, $"phone-{i}"),
            Serial = $"phone-{i}",
            Provider = "none",
            Target = Targets.Emulator,
            Platform = Platforms.Android,
            Labels = new Dictionary<string, string>(),
        });
        var result = await Agents.RegisterAsync(new AgentRegistration { AgentId = agent, Name = agent, Host = agent, Devices = [.. profiles] }, cancellationToken);
        return [.. result.Accepted.Select(device => new BenchDevice(Agents, device.Key, device.Value))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Services.GetRequiredService<IConnectionMultiplexer>().Dispose();
        _host.Dispose();
    }
}
