using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Hosting;
using QualGent.Api.Jobs;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary><c>POST /v1/runs</c>.</summary>
internal static class SubmitRun
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/", HandleAsync)
        .WithName("SubmitRun")
        .WithSummary("Queues up to 2,000 test files with shared settings: all of them or none.")
        .WithDescription("Answers 201 when stored durably. With matrix every test runs once in each cell: job_ids are listed cell by cell, and each cell is a run with a verdict of its own. With the header Idempotency-Key a repeated request answers 200 with the first one's ids.")
        .Accepts<SubmitRunRequest>("application/json")
        .Refuses(400, 409, 413, 415, 422, 429);

    private static async Task<Results<Created<SubmitRunResponse>, Ok<SubmitRunResponse>, ProblemResult>> HandleAsync(HttpContext context, IJobQueue queue, TimeProvider time)
    {
        var body = await JsonBody.ReadAsync(context.Request, WireJson.Strict.SubmitRunRequest, Idempotency.IsAsked(context.Request), context.RequestAborted);
        if (!body.IsRead)
        {
            return body.Problem;
        }

        IReadOnlyList<FieldError> errors = [.. SubmissionValidator.Validate(body.Value, time.GetUtcNow()), .. Idempotency.Mistakes(context.Request)];
        if (errors.Count > 0)
        {
            return ProblemResults.InvalidRequest(errors);
        }

        if (body.Value.Tests is not { Count: > 0 })
        {
            return ProblemResults.NoTests();
        }

        var submission = RunSubmission.From(body.Value, TraceParents.Current());
        return await AcceptRun.AnswerAsync(context, queue, submission, Idempotency.Key(context.Request, body.Hash));
    }
}
