using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Devices;

/// <summary>Everything under <c>/v1/devices</c>.</summary>
internal static class DeviceRoutes
{
    public static void MapDevices(this IEndpointRouteBuilder v1) => v1.MapGet("/devices", ListAsync)
        .WithTags("Fleet")
        .WithName("ListDevices")
        .WithSummary("All devices, with what they hold and have installed.")
        .Refuses();

    private static async Task<Ok<DeviceList>> ListAsync(IJobQueue queue, CancellationToken cancellationToken) => TypedResults.Ok(await queue.ListDevicesAsync(cancellationToken));
}
