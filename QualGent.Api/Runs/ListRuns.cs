using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary><c>GET /v1/runs</c>.</summary>
internal static class ListRuns
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapGet("/", HandleAsync)
        .WithName("ListRuns")
        .WithSummary("Lists runs, newest first.")
        .Refuses(422);

    private static async Task<Results<Ok<RunPage>, ProblemResult>> HandleAsync(
        [FromQuery(Name = "org_id")] string? orgId, string? cursor, string? limit, HttpRequest request, IJobQueue queue, CancellationToken cancellationToken)
    {
        var mistakes = new QueryMistakes();
        mistakes.RefuseUnknown(request.Query, "org_id", "cursor", "limit");
        var query = new RunQuery { OrgId = orgId, Cursor = mistakes.Cursor(cursor, Ids.IsRun), Limit = mistakes.Limit(limit) };
        return mistakes.Errors.Count > 0 ? ProblemResults.InvalidRequest(mistakes.Errors) : TypedResults.Ok(await queue.ListRunsAsync(query, cancellationToken));
    }
}
