using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Finds a service's addresses under <c>Services:{service}:{endpoint}:{n}</c>, which is what an AppHost's references become
/// (<c>services__api__http__0=http://localhost:5180</c>). Several addresses of one endpoint take turns.
/// </summary>
internal sealed class ConfigurationEndpointResolver(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, int> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address to use instead of <paramref name="uri"/>; itself (with one scheme) when the service is not configured.</summary>
    public Uri Resolve(Uri uri)
    {
        var service = configuration.GetSection("Services").GetSection(ServiceOf(uri.Host, out var endpoint));
        var schemes = uri.Scheme.Split('+');
        if (endpoint is not null)
        {
            return Pick(service.GetSection(endpoint), schemes) is { } named ? Combine(named, uri) : PassThrough(uri, schemes[0]);
        }
        foreach (var scheme in schemes)
        {
            // An endpoint is named after its scheme; "default" serves every scheme it has an address of.
            if ((Pick(service.GetSection(scheme), [scheme]) ?? Pick(service.GetSection("default"), [scheme])) is { } found)
            {
                return Combine(found, uri);
            }
        }
        return PassThrough(uri, schemes[0]);
    }

    // "_admin.api" is the endpoint "admin" of the service "api".
    private static string ServiceOf(string host, out string? endpoint)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        if (host.StartsWith('_') && dot > 1)
        {
            endpoint = host[1..dot];
            return host[(dot + 1)..];
        }
        endpoint = null;
        return host;
    }

    private Uri? Pick(IConfigurationSection endpoint, string[] schemes)
    {
        // Either one value or a numbered list; "localhost:1234" without a scheme takes the first one asked for.
        var values = endpoint.Value is { } single ? [single] : endpoint.GetChildren().Select(c => c.Value);
        var addresses = values
            .OfType<string>()
            .Select(v => new Uri(v.Contains("://", StringComparison.Ordinal) ? v : $"{schemes[0]}://{v}"))
            .Where(u => schemes.Contains(u.Scheme, StringComparer.OrdinalIgnoreCase))
            .ToArray();
        return addresses.Length == 0
            ? null
            : addresses[(uint)_turns.AddOrUpdate(endpoint.Path, 0, (_, turn) => turn + 1) % (uint)addresses.Length];
    }

    private static Uri Combine(Uri address, Uri asked) => new UriBuilder(asked)
    {
        Scheme = address.Scheme,
        Host = address.Host,
        Port = address.Port,
        Path = address.AbsolutePath.TrimEnd('/') + asked.AbsolutePath,
    }.Uri;

    private static Uri PassThrough(Uri uri, string scheme) => uri.Scheme == scheme
        ? uri
        : new UriBuilder(uri) { Scheme = scheme, Port = uri.IsDefaultPort ? -1 : uri.Port }.Uri;
}
