using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Jobs;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary>Has the queue accept a run, and answers: for everything that creates one.</summary>
internal static class AcceptRun
{
    public static async Task<Results<Created<SubmitRunResponse>, Ok<SubmitRunResponse>, ProblemResult>> AnswerAsync(HttpContext context, IJobQueue queue, RunSubmission submission, IdempotencyKey? key)
    {
        if (await SubmittedBundle.MissingAsync(context, submission) is { } missing)
        {
            return missing;
        }

        switch (await queue.AcceptAsync(submission, key, context.RequestAborted))
        {
            case AcceptResult.Accepted { Replayed: false } accepted:
                var run = (accepted.Attached is [] ? null : await queue.GetRunAsync(accepted.RunId, context.RequestAborted))
                    ?? NewRun.View(submission, accepted);
                return TypedResults.Created($"/v1/runs/{run.Id}", new SubmitRunResponse(run, accepted.JobIds, Warnings.For(submission, accepted), Attachments.Of(accepted)));

            case AcceptResult.Accepted replayed when await queue.GetRunAsync(replayed.RunId, context.RequestAborted) is { } first:
                Idempotency.MarkReplay(context.Response);
                return TypedResults.Ok(new SubmitRunResponse(first, replayed.JobIds, Warnings.For(submission, replayed), Attachments.Of(replayed)));

            case AcceptResult.Accepted gone:
                return ProblemResults.NotFound("run", gone.RunId);

            case var refused:
                return ProblemResults.Refused(refused);
        }
    }
}
