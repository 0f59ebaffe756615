using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;

namespace QualGent.AppHost.Redis;

/// <summary>The machine's own <c>redis-server</c>, with a data folder that survives restarts and a password nobody else can read.</summary>
internal static class RedisProcess
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static (IResourceBuilder<IResourceWithConnectionString> Connection, IResourceBuilder<IResource> Ready) Add(IDistributedApplicationBuilder builder, string name)
    {
        var folder = DataFolder.Create(builder, "redis");
        var password = ReadOrCreatePassword(Path.Combine(folder, "password"));
        var port = FreePort();
        var configuration = Path.Combine(folder, "redis.conf");
        // The password goes through a file: arguments are visible to everybody on the machine.
        WriteOwnerOnly(configuration, $"""
            bind 127.0.0.1
            port {port}
            dir "{folder}"
            appendonly yes
            appendfsync always
            save ""
            maxmemory-policy noeviction
            requirepass {password}

            """);

        var health = $"{name}-ping";
        builder.Services.AddHealthChecks().AddCheck(health, new RedisPing(port, password));
        // Two servers on one append-only file would ruin it, so the server runs under a lock on its folder. It waits a little,
        // because a host that was killed a moment ago may still be ending its Redis.
        var server = builder.AddExecutable(
                $"{name}-server", "flock", folder,
                "--no-fork", "--verbose", "--timeout", "10", Path.Combine(folder, "lock"), "redis-server", configuration)
            .WithHealthCheck(health);
        var text = port.ToString(CultureInfo.InvariantCulture);
        var connection = builder.AddConnectionString(name, ReferenceExpression.Create($"127.0.0.1:{text},password={password}")).WaitFor(server);
        return (connection, server);
    }

    private static string ReadOrCreatePassword(string path)
    {
        if (!File.Exists(path))
        {
            WriteOwnerOnly(path, RandomNumberGenerator.GetHexString(48, lowercase: true));
        }
        return File.ReadAllText(path).Trim();
    }

    // Written aside and renamed: a reader sees the old file or the whole new one, and never with wider rights.
    private static void WriteOwnerOnly(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        using (var writer = new StreamWriter(temporary, options))
        {
            writer.Write(text);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
