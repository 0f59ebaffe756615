using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Environment, arguments, references and order.</summary>
public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value) where T : IResourceWithEnvironment
    {
        builder.Model().Environment[name] = () => value ?? "";
        return builder;
    }

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args) where T : IResourceWithArgs
    {
        return builder.WithArgs(context => args.ToList().ForEach(context.Args.Add));
    }

    /// <summary>Changes the arguments given so far, when the resource starts.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, Action<CommandLineArgsCallbackContext> callback) where T : IResourceWithArgs
    {
        builder.Model().ArgCallbacks.Add(callback);
        return builder;
    }

    /// <summary>Gives the connection string of <paramref name="source"/> as <c>ConnectionStrings__{name}</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null)
        where TDestination : IResourceWithEnvironment
    {
        builder.Model().Environment[$"ConnectionStrings__{connectionName ?? source.Resource.Name}"] = source.Resource.ConnectionStringExpression.Read;
        return builder;
    }

    /// <summary>Gives every address of <paramref name="source"/> as <c>services__{name}__{endpoint}__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        var target = source.Model();
        foreach (var endpoint in target.Endpoints)
        {
            builder.Model().Environment[$"services__{target.Name}__{endpoint.Name}__0"] = () => endpoint.Url;
        }
        return builder;
    }

    /// <summary>Starts this only when <paramref name="dependency"/> is running and healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
    {
        builder.Model().Waits.Add(dependency.Resource);
        return builder;
    }

    internal static Resource Model<T>(this IResourceBuilder<T> builder) where T : IResource => (Resource)(IResource)builder.Resource;
}
