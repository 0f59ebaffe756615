using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.History;

/// <summary><c>GET /v1/tests</c>.</summary>
internal static class TestRoutes
{
    public static void MapTests(this IEndpointRouteBuilder v1) => v1.MapGet("/tests", ListAsync)
        .WithTags("Tests")
        .WithName("ListTests")
        .WithSummary("How an organisation's tests did of late: pass rate, flake rate, run times, last failures.")
        .WithDescription("By path. With flaky=true only tests that passed after they had failed.")
        .Refuses(422);

    private static async Task<Results<Ok<TestPage>, ProblemResult>> ListAsync(
        [FromQuery(Name = "org_id")] string? orgId, string? flaky, string? cursor, string? limit, HttpRequest request, ITestHistory history, CancellationToken cancellationToken)
    {
        var mistakes = new QueryMistakes();
        mistakes.RefuseUnknown(request.Query, "org_id", "flaky", "cursor", "limit");
        var query = new TestQuery
        {
            OrgId = orgId ?? "",
            Flaky = mistakes.OneOf(flaky, "flaky", ["true", "false"]) == "true",
            Cursor = mistakes.Cursor(cursor, text => text.Length is > 0 and <= Limits.TestPathLength),
            Limit = mistakes.Limit(limit),
        };
        FieldError[] errors = [.. IdRules.Check(orgId, "org_id"), .. mistakes.Errors];
        return errors.Length > 0 ? ProblemResults.InvalidRequest(errors) : TypedResults.Ok(await history.ListAsync(query, cancellationToken));
    }
}
