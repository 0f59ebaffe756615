using Microsoft.AspNetCore.Mvc;
using QualGent.Contracts;

namespace QualGent.Api.Problems;

/// <summary>Tells the OpenAPI document which problems a route answers with.</summary>
internal static class RefusalMetadata
{
    /// <summary>Every route can also answer 503; the others are named by the caller.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses.Append(StatusCodes.Status503ServiceUnavailable))
        {
            route.WithMetadata(new ProducesResponseTypeAttribute(typeof(Problem), status, ProblemResult.ContentType));
        }

        return route;
    }
}
