using System.Globalization;
using QualGent.Testing;

namespace QualGent.Worker.Tests.Agent;

/// <summary>An agent as users start it: a process with settings in its environment.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private WorkerProcess(ServiceProcess process, string stateDir) => (Process, StateDir) = (process, stateDir);

    public ServiceProcess Process { get; }

    public string StateDir { get; }

    public static async Task<WorkerProcess> StartAsync(Pool pool, string stateDir, IReadOnlyDictionary<string, string> settings)
    {
        var worker = Start(pool, stateDir, settings, out var url);
        await worker.Process.WaitHealthyAsync(new Uri(url + "/health"), TestContext.Current.CancellationToken);
        return worker;
    }

    public static WorkerProcess Start(Pool pool, string stateDir, IReadOnlyDictionary<string, string> settings, out string url)
    {
        url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}");
        var environment = new Dictionary<string, string>(pool.Environment) { ["ASPNETCORE_URLS"] = url, ["Worker__StateDir"] = stateDir, ["Worker__ProbeMin"] = "00:00:00.2", ["Worker__ProbeMax"] = "00:00:00.5" };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return new WorkerProcess(ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Worker"), [], environment), stateDir);
    }

    /// <summary>SIGTERM, as systemd and Aspire send it; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Process.SignalAsync("TERM", TestContext.Current.CancellationToken);
        return await Process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
