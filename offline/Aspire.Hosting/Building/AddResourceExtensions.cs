using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Programs on this machine.</summary>
public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args)
    {
        var executable = new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory));
        return builder.Add(executable).WithArgs(args ?? []);
    }

    internal static IResourceBuilder<T> Add<T>(this IDistributedApplicationBuilder builder, T resource) where T : Resource =>
        ((DistributedApplicationBuilder)builder).Add(resource);
}

/// <summary>Addresses made from other values.</summary>
public static class ConnectionStringBuilderExtensions
{
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.Add(new ConnectionStringResource(name, connectionStringExpression));
}

/// <summary>Addresses given from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null)
    {
        var key = environmentVariableName ?? $"ConnectionStrings:{name}";
        return builder.Add(new ConnectionStringResource(name, ReferenceExpression.Deferred(() => builder.Configuration[key]
            ?? throw new DistributedApplicationException($"Connection string resource could not be used because connection string '{name}' is missing."))));
    }
}
