using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the resolver.</summary>
public static class ServiceDiscoveryServiceCollectionExtensions
{
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services)
    {
        services.TryAddSingleton(s => new ConfigurationEndpointResolver(s.GetRequiredService<IConfiguration>()));
        return services;
    }
}

/// <summary>Makes a client understand addresses such as <c>https+http://api</c>.</summary>
public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder)
    {
        httpClientBuilder.Services.AddServiceDiscovery();
        httpClientBuilder.AddHttpMessageHandler(s => new ResolvingHttpHandler(s.GetRequiredService<ConfigurationEndpointResolver>()));
        return httpClientBuilder;
    }
}
