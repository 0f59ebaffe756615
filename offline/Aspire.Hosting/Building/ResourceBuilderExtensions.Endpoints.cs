using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Ports, their health and their links.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>
    /// An HTTP port: the public one is <paramref name="port"/>, or a free one when null. A single process listens there itself,
    /// replicas get ports of their own behind a proxy. Name the arguments: the official method has more of them in between.
    /// </summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, string? name = null)
        where T : IResourceWithEndpoints
    {
        var model = builder.Model();
        name ??= "http";
        if (model.Endpoints.Exists(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Endpoint with name '{name}' already exists. Endpoint name may not have been explicitly specified and was derived automatically from scheme argument (e.g. 'http', 'https', or 'tcp').");
        }
        model.Endpoints.Add(new Endpoint(name, "http", port));
        return builder;
    }

    /// <summary>Means something only when published; on this machine every endpoint is on the loopback interface.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints => builder;

    /// <summary>Changes how the endpoint's address is shown.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback) where T : IResource
    {
        builder.Model().UrlCallbacks[endpointName] = callback;
        return builder;
    }

    /// <summary>Healthy means: this check, registered in the builder's services, says so.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key) where T : IResource
    {
        builder.Model().HealthChecks.Add(key);
        return builder;
    }

    /// <summary>Healthy means: a GET of <paramref name="path"/> answers <paramref name="statusCode"/> (200), on every replica.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var model = builder.Model();
        var endpoint = model.FindEndpoint(endpointName ?? "http");
        var key = $"{model.Name}_{endpoint.Name}_{path ?? "/"}_{statusCode ?? 200}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new HttpHealthCheck(endpoint, path ?? "/", statusCode ?? 200), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }
}
