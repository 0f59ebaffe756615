using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary><c>POST /v1/jobs</c>.</summary>
internal static class SubmitJob
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapPost("/", HandleAsync)
        .WithName("SubmitJob")
        .WithSummary("Queues one test file in a run of its own.")
        .WithDescription("Answers 201 when stored durably. With the header Idempotency-Key a repeated request answers 200 with the first one's job.")
        .Accepts<SubmitJobRequest>("application/json")
        .Refuses(400, 409, 413, 415, 422, 429);

    private static async Task<Results<Created<SubmitJobResponse>, Ok<SubmitJobResponse>, ProblemResult>> HandleAsync(HttpContext context, IJobQueue queue, TimeProvider time)
    {
        var body = await JsonBody.ReadAsync(context.Request, WireJson.Strict.SubmitJobRequest, Idempotency.IsAsked(context.Request), context.RequestAborted);
        if (!body.IsRead)
        {
            return body.Problem;
        }

        IReadOnlyList<FieldError> errors = [.. SubmissionValidator.Validate(body.Value, time.GetUtcNow()), .. Idempotency.Mistakes(context.Request)];
        if (errors.Count > 0)
        {
            return ProblemResults.InvalidRequest(errors);
        }

        var submission = RunSubmission.From(body.Value, TraceParents.Current());
        if (await SubmittedBundle.MissingAsync(context, submission) is { } missing)
        {
            return missing;
        }

        switch (await queue.AcceptAsync(submission, Idempotency.Key(context.Request, body.Hash), context.RequestAborted))
        {
            case AcceptResult.Accepted { Replayed: false } accepted:
                var job = (accepted.Attached is [] ? null : await queue.GetJobAsync(accepted.JobIds[0], context.RequestAborted))
                    ?? NewJob.View(submission, accepted);
                return TypedResults.Created($"/v1/jobs/{job.Id}", new SubmitJobResponse(job, Warnings.For(submission, accepted), Attachments.Of(accepted)));

            case AcceptResult.Accepted replayed when await queue.GetJobAsync(replayed.JobIds[0], context.RequestAborted) is { } first:
                Idempotency.MarkReplay(context.Response);
                return TypedResults.Ok(new SubmitJobResponse(first, Warnings.For(submission, replayed), Attachments.Of(replayed)));

            case AcceptResult.Accepted gone:
                return ProblemResults.NotFound("job", gone.JobIds[0]);

            case var refused:
                return ProblemResults.Refused(refused);
        }
    }
}
