using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>
/// A container in the foreground of docker or podman: SIGTERM to the client reaches what runs inside, and <c>--rm</c> removes the
/// container after it. Values of the environment are inherited by name, so that no secret is an argument.
/// </summary>
internal static class ContainerCommand
{
    public static LaunchCommand For(ContainerResource container, string name, Dictionary<string, string> environment, string workingDirectory)
    {
        List<string> command = [FindRuntime(), "run", "--rm", "--init", "--pull", "missing"];
        foreach (var endpoint in container.Endpoints)
        {
            command.AddRange(["--publish", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{endpoint.Port}:{container.ContainerPort}")]);
        }
        foreach (var variable in environment.Keys)
        {
            command.AddRange(["--env", variable]);
        }
        if (container.DataVolume is { } volume)
        {
            command.AddRange(["--volume", $"{volume}:/data"]);
        }
        command.Add(container.Image);
        command.AddRange(container.Command);
        command.AddRange(container.Args);
        return new LaunchCommand(name, command, workingDirectory, environment);
    }

    private static string FindRuntime() => Executables.Find("docker") ?? Executables.Find("podman")
        ?? throw new DistributedApplicationException("Neither docker nor podman is on the PATH.");
}
