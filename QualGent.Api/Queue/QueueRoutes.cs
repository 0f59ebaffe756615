using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Queue;

/// <summary>Everything under <c>/v1/queue</c>.</summary>
internal static class QueueRoutes
{
    public static void MapQueue(this IEndpointRouteBuilder v1)
    {
        var queue = v1.MapGroup("/queue").WithTags("Queue");
        queue.MapGet("/", GetAsync)
            .WithName("GetQueue")
            .WithSummary("Depth, groups and devices at this instant.")
            .Refuses();
        PauseQueue.Map(queue);
    }

    private static async Task<Ok<QueueView>> GetAsync(IJobQueue queue, CancellationToken cancellationToken) => TypedResults.Ok(await queue.GetQueueAsync(cancellationToken));
}
