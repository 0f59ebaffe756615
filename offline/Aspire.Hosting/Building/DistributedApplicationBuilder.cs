using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Collects the resources.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    internal DistributedApplicationBuilder(string[] args)
    {
        var assembly = Session?.AppHost ?? Assembly.GetEntryAssembly()!;
        AppHostDirectory = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "apphostprojectpath")?.Value
            ?? Directory.GetCurrentDirectory();
        Configuration.AddEnvironmentVariables();
        Configuration.AddCommandLine(args);
        ExecutionContext = new DistributedApplicationExecutionContext(isPublishMode: Configuration["operation"] is "publish" || Configuration["publisher"] is not null);
        Environment = new AppHostEnvironment(
            Configuration["DOTNET_ENVIRONMENT"] ?? Configuration["ASPNETCORE_ENVIRONMENT"] ?? (Session is null ? Environments.Production : Environments.Development),
            assembly.GetName().Name!,
            AppHostDirectory);
        Services.AddLogging();
        Services.AddHealthChecks();
    }

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory { get; }

    public IHostEnvironment Environment { get; }

    public IServiceCollection Services { get; } = new ServiceCollection();

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    internal EntryPointSession? Session { get; } = EntryPointSession.Current.Value;

    internal List<Resource> Resources { get; } = [];

    public DistributedApplication Build()
    {
        Session?.Described.SetResult(this);
        Session?.Continue.Task.GetAwaiter().GetResult();
        var application = new DistributedApplication(this);
        Session?.Built.SetResult(application);
        return application;
    }

    internal IResourceBuilder<T> Add<T>(T resource) where T : Resource
    {
        if (Resources.Exists(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Cannot add resource of type '{typeof(T)}' with name '{resource.Name}' because a resource with that name already exists.");
        }
        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    private sealed class AppHostEnvironment(string environmentName, string applicationName, string contentRoot) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = environmentName;

        public string ApplicationName { get; set; } = applicationName;

        public string ContentRootPath { get; set; } = contentRoot;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}

/// <summary>A resource and the builder it belongs to.</summary>
internal sealed record ResourceBuilder<T>(DistributedApplicationBuilder Owner, T Resource) : IResourceBuilder<T> where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => Owner;
}
