using Microsoft.Extensions.Configuration;

namespace QualGent.AppHost.Redis;

/// <summary>Where Redis comes from, in this order.</summary>
/// <remarks>
/// 1. a connection string that was given; 2. a container, where a runtime is usable, and always when publishing;
/// 3. the <c>redis-server</c> on the PATH; 4. nowhere.
/// </remarks>
internal static class QueueStore
{
    /// <summary>What is wrong where there is none, and what to do.</summary>
    public const string Missing =
        "QualGent needs Redis and found none. Do one of these: install it (`sudo apt-get install redis-server`), start docker or podman, or set ConnectionStrings__redis=host:port,password=….";

    /// <summary>Adds it and returns the connection string, and the resource whose health means that Redis answers; null where there is none.</summary>
    public static (IResourceBuilder<IResourceWithConnectionString> Connection, IResourceBuilder<IResource> Ready)? AddQueueStore(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return AddContainer(builder, name);
        }
        if (builder.Configuration.GetConnectionString(name) is { Length: > 0 })
        {
            var given = builder.AddConnectionString(name);
            return (given, given);
        }
        if (ContainerRuntime.IsUsable())
        {
            return AddContainer(builder, name);
        }
        return OnPath("redis-server") ? RedisProcess.Add(builder, name) : null;
    }

    private static (IResourceBuilder<IResourceWithConnectionString> Connection, IResourceBuilder<IResource> Ready) AddContainer(IDistributedApplicationBuilder builder, string name)
    {
        var container = builder.AddRedis(name).WithDataVolume();
        if (builder.ExecutionContext.IsRunMode)
        {
            container.WithArgs("--appendonly", "yes", "--appendfsync", "always");
        }
        else
        {
            // Published, the whole command is one string behind `sh -c`: an argument after it would be lost.
            container.WithArgs(context => context.Args[^1] += " --appendonly yes --appendfsync always");
        }
        return (container, container);
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
