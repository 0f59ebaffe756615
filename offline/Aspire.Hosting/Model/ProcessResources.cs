namespace Aspire.Hosting.ApplicationModel;

/// <summary>A program on this machine.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string Command { get; } = command;

    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A .NET project of this solution, already built.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    internal string ProjectPath { get; init; } = "";

    /// <summary>The built assembly, as the AppHost's own build found it.</summary>
    internal string TargetPath { get; init; } = "";
}

/// <summary>An image run by docker or podman.</summary>
public class ContainerResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    internal string Image { get; init; } = "";

    internal int ContainerPort { get; init; }

    /// <summary>Comes before the arguments.</summary>
    internal IReadOnlyList<string> Command { get; init; } = [];

    internal string? DataVolume { get; set; }
}
