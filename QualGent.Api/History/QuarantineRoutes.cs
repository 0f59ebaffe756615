using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.History;

/// <summary>Everything under <c>/v1/orgs/{org}/quarantine</c>.</summary>
internal static class QuarantineRoutes
{
    public static void MapQuarantine(this IEndpointRouteBuilder v1)
    {
        var quarantine = v1.MapGroup("/orgs/{org}/quarantine").WithTags("Tests");
        quarantine.MapGet("/", ListAsync)
            .WithName("ListQuarantine")
            .WithSummary("Tests that run and do not count towards verdicts, by path.")
            .Refuses(422);
        quarantine.MapPut("/", PutAsync)
            .WithName("QuarantineTest")
            .WithSummary("Puts a test into quarantine, or changes why it is there. Holds for runs accepted from now on.")
            .Accepts<QuarantineRequest>("application/json")
            .Refuses(400, 409, 413, 415, 422);
        quarantine.MapDelete("/", ReleaseAsync)
            .WithName("ReleaseTest")
            .WithSummary("Lets a test count again, in runs accepted from now on.")
            .Refuses(404, 422);
    }

    private static async Task<Results<Ok<QuarantineList>, ProblemResult>> ListAsync(string org, ITestHistory history, CancellationToken cancellationToken) =>
        IdRules.Check(org, "org_id").ToArray() is { Length: > 0 } errors ? ProblemResults.InvalidRequest(errors) : TypedResults.Ok(await history.ListQuarantineAsync(org, cancellationToken));

    private static async Task<Results<Ok<QuarantinedTest>, ProblemResult>> PutAsync(string org, HttpContext context, ITestHistory history, TimeProvider time)
    {
        var body = await JsonBody.ReadAsync(context.Request, WireJson.Strict.QuarantineRequest, withHash: false, context.RequestAborted);
        if (!body.IsRead)
        {
            return body.Problem;
        }

        var errors = QuarantineValidator.Validate(org, body.Value.TestPath, body.Value.Reason);
        if (errors.Count > 0)
        {
            return ProblemResults.InvalidRequest(errors);
        }

        var test = new QuarantinedTest { TestPath = body.Value.TestPath!, Reason = body.Value.Reason, Since = time.GetUtcNow() };
        return await history.QuarantineAsync(org, test, context.RequestAborted) ? TypedResults.Ok(test) : ProblemResults.QuarantineFull();
    }

    private static async Task<Results<NoContent, ProblemResult>> ReleaseAsync(
        string org, [FromQuery(Name = "test_path")] string? testPath, HttpRequest request, ITestHistory history, CancellationToken cancellationToken)
    {
        var mistakes = new QueryMistakes();
        mistakes.RefuseUnknown(request.Query, "test_path");
        FieldError[] errors = [.. QuarantineValidator.Validate(org, testPath, null), .. mistakes.Errors];
        if (errors.Length > 0)
        {
            return ProblemResults.InvalidRequest(errors);
        }

        return await history.ReleaseAsync(org, testPath!, cancellationToken) ? TypedResults.NoContent() : ProblemResults.NotFound("quarantined test", testPath!);
    }
}
