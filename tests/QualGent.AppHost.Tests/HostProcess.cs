using System.Collections.Concurrent;
using System.Diagnostics;
using QualGent.Testing;

namespace QualGent.AppHost.Tests;

/// <summary>The AppHost as a real process, as <c>dotnet run</c> starts it.</summary>
internal sealed class HostProcess : IDisposable
{
    /// <summary>What the workers take tests and builds from unless told otherwise.</summary>
    public static readonly string Samples = Path.Combine(Repository.Root, "samples");

    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private HostProcess(Process process) => Process = process;

    public Process Process { get; }

    /// <summary>What it printed on either stream.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>What it printed on standard error.</summary>
    public string Errors => string.Join('\n', _errors);

    public static HostProcess Start(string dataDir, int portBase, Footprint footprint, params IEnumerable<(string Name, string Value)> more) =>
        Start(dataDir, portBase, FreePort.Next(), footprint, more);

    public static HostProcess Start(string dataDir, int portBase, int apiPort, Footprint footprint, params IEnumerable<(string Name, string Value)> more)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "QualGent.AppHost.dll"), $"--DataDir={dataDir}", $"--Api:Port={apiPort}", $"--Workers:PortBase={portBase}", "--Workers:VirtualDevices=1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in footprint.Environment.Select(variable => (variable.Key, variable.Value)).Concat(more))
        {
            start.Environment[name] = value;
        }
        var host = new HostProcess(Process.Start(start)!);
        host.Process.OutputDataReceived += host.Keep;
        host.Process.ErrorDataReceived += host.Keep;
        host.Process.ErrorDataReceived += host.KeepError;
        host.Process.BeginOutputReadLine();
        host.Process.BeginErrorReadLine();
        return host;
    }

    /// <summary>The state table is printed once everything is healthy.</summary>
    public Task UntilUpAsync(CancellationToken cancellationToken) => Eventually.GetAsync(
        () => Task.FromResult(Output), o => o.Contains("(QualGent API)", StringComparison.Ordinal), "the state table", cancellationToken, TimeSpan.FromSeconds(120));

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit(TimeSpan.FromSeconds(5));
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }
        Process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not null)
        {
            _output.Enqueue(e.Data);
        }
    }

    private void KeepError(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not null)
        {
            _errors.Enqueue(e.Data);
        }
    }
}
