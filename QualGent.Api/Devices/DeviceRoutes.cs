using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Devices;

/// <summary>Everything under <c>/v1/devices</c>.</summary>
internal static class DeviceRoutes
{
    public static void MapDevices(this IEndpointRouteBuilder v1)
    {
        var devices = v1.MapGroup("/devices").WithTags("Fleet");
        devices.MapGet("/", ListAsync)
            .WithName("ListDevices")
            .WithSummary("All devices, with what they hold and have installed.")
            .Refuses();
        Map(devices, "drain", DeviceDuty.Draining, "Lets a device end its batch at the next file boundary and take nothing more.");
        Map(devices, "quarantine", DeviceDuty.Quarantined, "Like drain, and shows that the device is not trusted.");
        Map(devices, "resume", DeviceDuty.OnDuty, "Puts a drained or quarantined device back to work.");
    }

    private static async Task<Ok<DeviceList>> ListAsync(IJobQueue queue, CancellationToken cancellationToken) => TypedResults.Ok(await queue.ListDevicesAsync(cancellationToken));

    private static void Map(IEndpointRouteBuilder devices, string verb, DeviceDuty duty, string summary) => devices.MapPost("/{id}/" + verb, (string id, IQueueControl control, CancellationToken cancellationToken) => SetAsync(id, duty, control, cancellationToken))
        .WithName(string.Concat(verb[..1].ToUpperInvariant(), verb[1..], "Device"))
        .WithSummary(summary)
        .WithDescription("Idempotent, takes no body, and holds until the opposite is asked, also when the device's agent starts again.")
        .Refuses(404);

    private static async Task<Results<Ok<DeviceView>, ProblemResult>> SetAsync(string id, DeviceDuty duty, IQueueControl control, CancellationToken cancellationToken) =>
        await control.SetDutyAsync(id, duty, cancellationToken) is { } device ? TypedResults.Ok(device) : ProblemResults.NotFound("device", id);
}
