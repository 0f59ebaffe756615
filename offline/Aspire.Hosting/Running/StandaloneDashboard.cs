using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>
/// The genuine Aspire dashboard, served by the Aspire CLI where one is installed: on the PATH, or fetched by
/// <c>./start.sh --dashboard</c> into <c>artifacts/aspire-cli</c>. It has logs, traces and metrics; the state table stays here.
/// </summary>
internal sealed class StandaloneDashboard(string appHostDirectory)
{
    private static readonly Uri s_frontend = new("http://localhost:18888");

    /// <summary>The CLI, or null.</summary>
    public string? Cli { get; } = Executables.Find("aspire")
        ?? new[] { Path.Combine(appHostDirectory, "..", "artifacts", "aspire-cli", "node_modules", "@microsoft", "aspire-cli-linux-x64", "bin", "aspire") }
            .Select(Path.GetFullPath).FirstOrDefault(File.Exists);

    /// <summary>What resources need in order to send their telemetry here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    public Uri Frontend { get; private set; } = s_frontend;

    /// <summary>Starts it; its own output is dropped except for errors at start.</summary>
    public SupervisedProcess Start(string cli)
    {
        Frontend = IsFree(s_frontend.Port) ? s_frontend : new Uri($"http://localhost:{FreePort()}");
        var otlp = $"http://localhost:{FreePort()}";
        Environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            // As Aspire does for local work: what happened a second ago is on the screen.
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
        };
        return SupervisedProcess.Start(
            [cli, "dashboard", "run", "--non-interactive", "--nologo", "--allow-anonymous", "--frontend-url", Frontend.GetLeftPart(UriPartial.Authority), "--otlp-grpc-url", otlp],
            appHostDirectory,
            new Dictionary<string, string>(),
            TimeSpan.FromSeconds(3),
            _ => { });
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
