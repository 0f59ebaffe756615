using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The command line and environment of one replica of a resource.</summary>
internal sealed record LaunchCommand(string Name, IReadOnlyList<string> Command, string WorkingDirectory, Dictionary<string, string> Environment)
{
    /// <summary>The command of a resource that runs something; null for one that does not.</summary>
    public static LaunchCommand? For(Resource resource, int replica, string appHostDirectory)
    {
        var environment = resource.Environment.ToDictionary(v => v.Key, v => v.Value());
        var name = resource.Replicas == 1 ? resource.Name : string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{replica + 1}");
        environment.TryAdd("OTEL_SERVICE_NAME", resource.Name);
        environment.TryAdd("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={name}");
        switch (resource)
        {
            case ExecutableResource executable:
                return new LaunchCommand(name, [executable.Command, .. executable.Args], executable.WorkingDirectory, environment);
            case ProjectResource project:
                if (!File.Exists(project.TargetPath))
                {
                    throw new DistributedApplicationException($"'{project.Name}' has not been built: {project.TargetPath} is missing. Build the AppHost or the solution.");
                }
                if (project.Endpoints.Count > 0)
                {
                    environment.TryAdd("ASPNETCORE_URLS", string.Join(';', project.Endpoints.Select(e => e.Address(e.ReplicaPorts[replica]))));
                }
                return new LaunchCommand(name, ["dotnet", project.TargetPath, .. project.Args], Path.GetDirectoryName(project.ProjectPath)!, environment);
            case ContainerResource container:
                return ContainerCommand.For(container, name, environment, appHostDirectory);
            default:
                return null;
        }
    }
}
