using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Redis in a container (official package: Aspire.Hosting.Redis).</summary>
public static class RedisBuilderExtensions
{
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var redis = new RedisResource(name)
        {
            Password = password,
            Image = "docker.io/library/redis:8.6",
            ContainerPort = 6379,
            // The shell inside the container puts the password in; out here it is an environment variable only.
            Command = ["/bin/sh", "-c", "exec redis-server --requirepass \"$REDIS_PASSWORD\" \"$@\"", "redis-server"],
        };
        redis.Environment["REDIS_PASSWORD"] = () => password;
        redis.Endpoints.Add(new Endpoint(RedisResource.EndpointName, "redis", port));
        var key = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            _ => new RedisPing(redis.FindEndpoint(RedisResource.EndpointName), password),
            failureStatus: null,
            tags: null));
        return builder.Add(redis).WithHealthCheck(key);
    }

    /// <summary>Keeps <c>/data</c> in a named volume and takes snapshots, as the official method does.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null)
    {
        builder.Resource.DataVolume = name ?? $"{builder.ApplicationBuilder.Environment.ApplicationName}-{builder.Resource.Name}-data".ToLowerInvariant();
        return builder.WithArgs("--save", "60", "1");
    }
}
