using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace QualGent.Testing;

/// <summary>
/// A private <c>redis-server</c> process on a free loopback port with its own folder, password and append-only file.
/// It can be killed, frozen and started again on the same port and data. It never rewrites its append-only file by itself: a
/// copy of all data in the background, at a moment that depends on what was stored before, belongs to no test and no measurement.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qualgent-redis-");
    private readonly string _fsync;
    private readonly bool _clustered;
    private Process? _process;

    private RedisServer(string fsync, bool clustered) => (_fsync, _clustered) = (fsync, clustered);

    /// <summary>What clients must know.</summary>
    public const string Password = "test-password";

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Port for the other nodes of a cluster; the default would be port + 10000, which may not exist.</summary>
    public int BusPort { get; } = FreePort.Next();

    /// <summary>For StackExchange.Redis; keeps trying, so that a restart is survived.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={Password},abortConnect=false,allowAdmin=true,connectRetry=50,syncTimeout=10000";

    /// <summary>Id of the running server process.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("Redis is not running.");

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="fsync"><c>always</c>, <c>everysec</c>, or <c>no</c> for tests that never crash it.</param>
    /// <param name="clustered">Whether it is a node of a <see cref="RedisCluster"/>.</param>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken, string fsync = "no", bool clustered = false)
    {
        var server = new RedisServer(fsync, clustered);
        try
        {
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process on the data that is there.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        // The password is read from standard input, not argv: as in production, where a process list would show it.
        var start = new ProcessStartInfo("redis-server", ["-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _process.StandardInput.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1
            port {Port}
            dir {_folder.FullName}
            save ""
            appendonly {(_fsync == "no" ? "no" : "yes")}
            appendfsync {_fsync}
            auto-aof-rewrite-percentage 0
            requirepass {Password}
            maxmemory-policy noeviction
            {(_clustered ? $"cluster-enabled yes\ncluster-port {BusPort.ToString(CultureInfo.InvariantCulture)}" : "")}

            """));
        _process.StandardInput.Close();
        await Eventually.GetAsync(PingAsync, answered => answered, $"redis-server answers on port {Port}", cancellationToken);
    }

    /// <summary>A client of its own.</summary>
    /// <param name="settings">More settings of the connection, e.g. <c>connectTimeout=60000</c>.</param>
    public async Task<ConnectionMultiplexer> ConnectAsync(string? settings = null)
    {
        var client = await ConnectionMultiplexer.ConnectAsync(settings is null ? ConnectionString : $"{ConnectionString},{settings}");
#pragma warning disable CS0618 // Version 1.2.6 completes tasks on one ordered thread otherwise; later versions ignore it.
        client.PreserveAsyncOrder = false;
#pragma warning restore CS0618
        return client;
    }

    /// <summary><c>kill -9</c>, and waits until the process is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync(cancellationToken);
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Sends a signal by name: <c>STOP</c> freezes the server, <c>CONT</c> thaws it.</summary>
    public async Task SignalAsync(string name, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-s", name, ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    private async Task<bool> PingAsync()
    {
        try
        {
            using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},password={Password},abortConnect=true,connectTimeout=1000,connectRetry=0");
            return client.IsConnected;
        }
        catch (RedisConnectionException) when (_process is { HasExited: false })
        {
            return false;
        }
    }
}
