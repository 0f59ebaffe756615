using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary><c>GET /v1/jobs</c>.</summary>
internal static class ListJobs
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapGet("/", HandleAsync)
        .WithName("ListJobs")
        .WithSummary("Lists jobs, newest run first.")
        .Refuses(422);

    private static async Task<Results<Ok<JobPage>, ProblemResult>> HandleAsync([AsParameters] Filter filter, HttpRequest request, IJobQueue queue, CancellationToken cancellationToken)
    {
        var mistakes = new QueryMistakes();
        mistakes.RefuseUnknown(request.Query, "org_id", "run_id", "status", "app_version_id", "target", "cursor", "limit");
        var query = new JobQuery
        {
            OrgId = filter.OrgId,
            RunId = filter.RunId,
            Status = mistakes.Choice<JobStatus>(filter.Status, "status"),
            AppVersionId = filter.AppVersionId,
            Target = mistakes.OneOf(filter.Target, "target", Targets.All),
            Cursor = mistakes.Cursor(filter.Cursor, cursor => Ids.TryParseJob(cursor, out _, out _)),
            Limit = mistakes.Limit(filter.Limit),
        };
        return mistakes.Errors.Count > 0 ? ProblemResults.InvalidRequest(mistakes.Errors) : TypedResults.Ok(await queue.ListJobsAsync(query, cancellationToken));
    }

    // Texts, so that every mistake is found and reported with the others.
    private readonly record struct Filter(
        [property: FromQuery(Name = "org_id")] string? OrgId,
        [property: FromQuery(Name = "run_id")] string? RunId,
        [property: FromQuery(Name = "status")] string? Status,
        [property: FromQuery(Name = "app_version_id")] string? AppVersionId,
        [property: FromQuery(Name = "target")] string? Target,
        [property: FromQuery(Name = "cursor")] string? Cursor,
        [property: FromQuery(Name = "limit")] string? Limit);
}
