using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Asks every replica behind an endpoint.</summary>
internal sealed class HttpHealthCheck(Endpoint endpoint, string path, int statusCode) : IHealthCheck
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        foreach (var port in endpoint.ReplicaPorts)
        {
            var url = new Uri(new Uri(endpoint.Address(port)), path);
            try
            {
                using var response = await s_http.GetAsync(url, cancellationToken);
                if ((int)response.StatusCode != statusCode)
                {
                    return HealthCheckResult.Unhealthy($"{url} answered {(int)response.StatusCode}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy($"{url} does not answer");
            }
        }
        return HealthCheckResult.Healthy();
    }
}
