using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Running;

/// <summary>
/// The genuine Aspire dashboard, served by the Aspire CLI where one is installed: on the PATH, or fetched by
/// <c>./start.sh --dashboard</c> into <c>artifacts/aspire-cli</c>. It has logs, traces and metrics; the state table stays here.
/// As with Aspire's own host, who looks needs the token of the link and who sends a key, so other users of the machine do neither.
/// </summary>
internal sealed class StandaloneDashboard(string appHostDirectory)
{
    private const int KeptLines = 15;
    private static readonly Uri s_frontend = new("http://localhost:18888");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private readonly string _token = NewSecret();
    private readonly string _key = NewSecret();
    private readonly ConcurrentQueue<string> _lines = new();
    private SupervisedProcess? _process;
    private Uri _frontend = s_frontend;
    private int _otlpPort;

    /// <summary>The CLI, or null.</summary>
    public string? Cli { get; } = Executables.Find("aspire")
        ?? new[] { Path.Combine(appHostDirectory, "..", "artifacts", "aspire-cli", "node_modules", "@microsoft", "aspire-cli-linux-x64", "bin", "aspire") }
            .Select(Path.GetFullPath).FirstOrDefault(File.Exists);

    /// <summary>What resources need in order to send their telemetry here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>Where it is seen; the token is part of it.</summary>
    public Uri Login => new(_frontend, $"login?t={_token}");

    /// <summary>What it said last; its output is not shown otherwise.</summary>
    public string LastLines => string.Join('\n', _lines.Select(line => "    " + line));

    /// <summary>Starts it.</summary>
    public SupervisedProcess Start(string cli)
    {
        _frontend = IsFree(s_frontend.Port) ? s_frontend : new Uri($"http://localhost:{FreePort()}");
        _otlpPort = FreePort();
        var otlp = $"http://localhost:{_otlpPort}";
        Environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={_key}",
            // As Aspire does for local work: what happened a second ago is on the screen.
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
        };
        _process = SupervisedProcess.Start(
            // Its third port, of which nobody makes use here, is a fixed one unless it is told: a second dashboard could not start.
            [cli, "dashboard", "run", "--non-interactive", "--nologo", "--frontend-url", _frontend.GetLeftPart(UriPartial.Authority), "--otlp-grpc-url", otlp, "--otlp-http-url", $"http://localhost:{FreePort()}"],
            appHostDirectory,
            new Dictionary<string, string> // not arguments, which every user of the machine can read
            {
                ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = _token,
                ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
                ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = _key,
            },
            TimeSpan.FromSeconds(3),
            Keep);
        return _process;
    }

    /// <summary>Waits until it takes telemetry, so that the first words of the first resource arrive.</summary>
    /// <returns>False when it has ended, or needs too long.</returns>
    public async Task<bool> TakesTelemetryAsync(CancellationToken cancellationToken)
    {
        var exit = _process!.WaitForExitAsync();
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < s_patience && !exit.IsCompleted;)
        {
            if (await ListensAsync(_otlpPort, cancellationToken))
            {
                return true;
            }
            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
        return false;
    }

    private static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private void Keep(string line)
    {
        _lines.Enqueue(line);
        while (_lines.Count > KeptLines)
        {
            _lines.TryDequeue(out _);
        }
    }

    // Asked by connecting: whoever tries to listen there, if only for a moment, could take the port away.
    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
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
