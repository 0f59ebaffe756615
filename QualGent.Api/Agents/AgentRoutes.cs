using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Agents;

/// <summary>Everything under <c>/v1/agents</c>.</summary>
internal static class AgentRoutes
{
    public static void MapAgents(this IEndpointRouteBuilder v1) => v1.MapGet("/agents", ListAsync)
        .WithTags("Fleet")
        .WithName("ListAgents")
        .WithSummary("All agents, with their devices.")
        .Refuses();

    private static async Task<Ok<AgentList>> ListAsync(IJobQueue queue, CancellationToken cancellationToken) => TypedResults.Ok(await queue.ListAgentsAsync(cancellationToken));
}
