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
        .WithDescription("name finds a part of a run's name, in any case. A call looks at a bounded number of runs: a page may be short, or empty, and still have a next_cursor.")
        .Refuses(422);

    private static async Task<Results<Ok<RunPage>, ProblemResult>> HandleAsync([AsParameters] Filter filter, HttpRequest request, IJobQueue queue, CancellationToken cancellationToken)
    {
        var mistakes = new QueryMistakes();
        mistakes.RefuseUnknown(request.Query, "org_id", "state", "verdict", "app_version_id", "name", "cursor", "limit");
        var query = new RunQuery
        {
            OrgId = filter.OrgId,
            State = mistakes.Choice<RunState>(filter.State, "state"),
            Verdict = mistakes.Choice<RunVerdict>(filter.Verdict, "verdict"),
            AppVersionId = filter.AppVersionId,
            Name = filter.Name,
            Cursor = mistakes.Cursor(filter.Cursor, Ids.IsRun),
            Limit = mistakes.Limit(filter.Limit),
        };
        return mistakes.Errors.Count > 0 ? ProblemResults.InvalidRequest(mistakes.Errors) : TypedResults.Ok(await queue.ListRunsAsync(query, cancellationToken));
    }

    // Texts, so that every mistake is found and reported with the others.
    private readonly record struct Filter(
        [property: FromQuery(Name = "org_id")] string? OrgId,
        [property: FromQuery(Name = "state")] string? State,
        [property: FromQuery(Name = "verdict")] string? Verdict,
        [property: FromQuery(Name = "app_version_id")] string? AppVersionId,
        [property: FromQuery(Name = "name")] string? Name,
        [property: FromQuery(Name = "cursor")] string? Cursor,
        [property: FromQuery(Name = "limit")] string? Limit);
}
