using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Healthy when Redis takes the password and answers PING; a port that is merely open, or a server still loading, is not.</summary>
internal sealed class RedisPing(Endpoint endpoint, string password) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("localhost", endpoint.Port!.Value, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            // "+OK" then "+PONG"; "-LOADING Redis is loading the dataset in memory" is an answer too.
            await reader.ReadLineAsync(cancellationToken);
            var reply = await reader.ReadLineAsync(cancellationToken);
            return reply == "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"PING was answered '{reply}'");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
