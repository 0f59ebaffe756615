using System.Globalization;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary>
/// The whole product as real processes on free ports: a private Redis (every write fsynced), the API, workers and <c>qgjob</c>.
/// Everything a process may leave behind lies under one folder, so that a test can see that nothing stayed.
/// </summary>
internal sealed class Stack : IAsyncDisposable
{
    private static readonly string s_samples = Path.Combine(Repository.Root, "samples");
    private readonly List<ServiceProcess> _processes = [];

    private readonly IReadOnlyDictionary<string, string> _settings;

    private Stack(RedisServer redis, IReadOnlyDictionary<string, string>? settings)
    {
        (Redis, Footprint) = (redis, new Footprint(Folder.FullName, s_samples));
        _settings = new Dictionary<string, string>([.. settings ?? new Dictionary<string, string>(), .. Footprint.Environment]);
    }

    public RedisServer Redis { get; }

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("qualgent-e2e-");

    public Footprint Footprint { get; }

    public Uri ApiUrl { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    public ServiceProcess Api { get; private set; } = null!;

    /// <summary>Starts Redis and the API.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">Environment of the API and of every worker.</param>
    public static async Task<Stack> StartAsync(CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null)
    {
        var stack = new Stack(await RedisServer.StartAsync(cancellationToken, fsync: "always"), settings);
        await stack.StartApiAsync(cancellationToken);
        return stack;
    }

    /// <summary>Starts the API, again after a kill, on the same address.</summary>
    public async Task StartApiAsync(CancellationToken cancellationToken)
    {
        Api = Keep(ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], new Dictionary<string, string>(_settings)
        {
            ["ConnectionStrings__redis"] = Redis.ConnectionString,
            ["ASPNETCORE_URLS"] = ApiUrl.ToString(),
            ["Blobs__Folder"] = Path.Combine(Folder.FullName, "blobs"),
        }));
        await Api.WaitHealthyAsync(new Uri(ApiUrl, "/health"), cancellationToken);
    }

    /// <summary>Starts a worker with virtual devices (genuine AppWright) or simulated ones, and waits until it is healthy.</summary>
    public async Task<ServiceProcess> StartWorkerAsync(string name, CancellationToken cancellationToken, int virtualDevices = 0, int simulatedDevices = 0)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var environment = new Dictionary<string, string>(_settings)
        {
            ["ConnectionStrings__redis"] = Redis.ConnectionString,
            ["ASPNETCORE_URLS"] = url.ToString(),
            ["services__api__http__0"] = ApiUrl.ToString(),
            ["Worker__Name"] = name,
            ["Worker__StateDir"] = Path.Combine(Folder.FullName, name),
            ["Worker__DependencyCache"] = Path.Combine(Repository.Root, "artifacts/worker-tests/dependencies"),
            ["Worker__TestRoot"] = Path.Combine(s_samples, "notes/workspace/tests"),
            ["Worker__AppRoot"] = Path.Combine(s_samples, "notes/workspace/apps"),
            ["Worker__PortBase"] = FreePort.Range(2 * virtualDevices).ToString(CultureInfo.InvariantCulture),
            ["Worker__Providers__Virtual__Enabled"] = virtualDevices > 0 ? "true" : "false",
            ["Worker__Providers__Virtual__Devices"] = virtualDevices.ToString(CultureInfo.InvariantCulture),
            ["Worker__Providers__Simulated__Devices"] = simulatedDevices.ToString(CultureInfo.InvariantCulture),
        };
        var worker = Keep(ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Worker"), [], environment));
        await worker.WaitHealthyAsync(new Uri(url, "/health"), cancellationToken);
        return worker;
    }

    /// <summary>Starts <c>qgjob</c> in the sample project's folder; the caller disposes it.</summary>
    public ServiceProcess Qgjob(params string[] args) => ServiceProcess.StartDotNet(
        Repository.Assembly("QualGent.Cli", "qgjob"),
        args,
        new Dictionary<string, string> { ["QUALGENT_API_URL"] = ApiUrl.ToString() },
        Path.Combine(s_samples, "notes/workspace/tests/qualgent"));

    /// <summary>Runs <c>qgjob</c> to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunQgjobAsync(CancellationToken cancellationToken, params string[] args)
    {
        await using var qgjob = Qgjob(args);
        var exitCode = await qgjob.WaitForExitAsync(cancellationToken);
        return (exitCode, qgjob.Output);
    }

    /// <summary>Ends everything politely, workers and API at once, and checks that nothing of it is left.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        Footprint.Look();
        foreach (var process in _processes.Where(process => !process.HasExited))
        {
            await process.SignalAsync("TERM", cancellationToken);
        }

        foreach (var process in _processes)
        {
            await process.WaitForExitAsync(cancellationToken);
        }

        Assert.NotEmpty(Footprint.Ports);
        Assert.Empty(Footprint.Left());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await Redis.DisposeAsync();
        Folder.Delete(recursive: true);
    }

    private ServiceProcess Keep(ServiceProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
