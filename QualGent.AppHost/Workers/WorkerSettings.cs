using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace QualGent.AppHost.Workers;

/// <summary>What makes one worker different from the next: its name, folder, devices and ports.</summary>
internal static class WorkerSettings
{
    // Below the range the kernel gives out for outgoing connections (32768 and up).
    private const int FirstPort = 21000;
    private const int PortsPerWorker = 100;

    /// <summary>Tells the worker of the given number (from 1) who it is and what is its own.</summary>
    public static IResourceBuilder<ProjectResource> WithWorkerSettings(this IResourceBuilder<ProjectResource> worker, int number)
    {
        var builder = worker.ApplicationBuilder;
        var settings = builder.Configuration.GetSection("Workers");
        worker
            .WithEnvironment("Worker__Name", worker.Resource.Name)
            .WithEnvironment("Worker__Providers__Virtual__Enabled", "true")
            .WithEnvironment("Worker__Providers__Virtual__Devices", settings["VirtualDevices"] ?? "2")
            .WithEnvironment("Worker__Providers__Simulated__Devices", settings["SimulatedDevices"] ?? "0")
            // The host allows its applications five seconds; devices are given back within them.
            .WithEnvironment("Worker__StopGrace", "00:00:01")
            .WithEnvironment("Worker__CancelGrace", "00:00:02")
            .WithEnvironment("Worker__PortBase", Text(settings.GetValue("PortBase", FirstPort) + ((number - 1) * PortsPerWorker)));
        if (builder.ExecutionContext.IsPublishMode)
        {
            return worker; // folders of this machine mean nothing elsewhere
        }
        var workspace = Path.Combine(builder.AppHostDirectory, "..", "samples", "notes", "workspace");
        return worker
            .WithEnvironment("Worker__StateDir", DataFolder.Create(builder, "workers", worker.Resource.Name))
            .WithEnvironment("Worker__DependencyCache", DataFolder.Create(builder, "dependencies"))
            .WithEnvironment("Worker__TestRoot", Path.GetFullPath(settings["TestRoot"] ?? Path.Combine(workspace, "tests"), builder.AppHostDirectory))
            .WithEnvironment("Worker__AppRoot", Path.GetFullPath(settings["AppRoot"] ?? Path.Combine(workspace, "apps"), builder.AppHostDirectory));
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
