using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace QualGent.AppHost.Redis;

/// <summary>Healthy when Redis takes the password and answers PING: an open port may still be loading its data.</summary>
internal sealed class RedisPing(int port, string password) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            // "+OK", then "+PONG" or for example "-LOADING Redis is loading the dataset in memory"
            await reader.ReadLineAsync(cancellationToken);
            var answer = await reader.ReadLineAsync(cancellationToken);
            return answer == "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"Redis answered '{answer}'");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return HealthCheckResult.Unhealthy($"Redis does not answer on port {port}: {e.Message}");
        }
    }
}
