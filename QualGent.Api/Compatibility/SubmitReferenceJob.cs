using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Jobs;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Compatibility;

/// <summary><c>POST /jobs/submit</c>.</summary>
internal static class SubmitReferenceJob
{
    public static void Map(IEndpointRouteBuilder jobs) => jobs.MapPost("/submit", HandleAsync)
        .WithName("SubmitReferenceJob")
        .WithSummary("The Python reference's submit call.")
        .WithDescription("Fields org_id, app_version_id, test_path, target, and optionally priority (0, cut to 0-9) and retries (0); other members are ignored.")
        .Produces<ReferenceMistakes>(StatusCodes.Status422UnprocessableEntity)
        .Refuses(413, 429);

    private static async Task<Results<Ok<ReferenceAccepted>, UnprocessableEntity<ReferenceMistakes>, ProblemResult>> HandleAsync(HttpContext context, IJobQueue queue, TimeProvider time)
    {
        var fields = await ReadAsync(context.Request, context.RequestAborted);
        var request = fields.ToRequest();
        IReadOnlyList<ReferenceMistake> mistakes = fields.Mistakes.Count > 0
            ? fields.Mistakes
            : [.. SubmissionValidator.Validate(request, time.GetUtcNow()).Select(error => new ReferenceMistake(["body", error.Field], error.Message, "value_error"))];
        if (mistakes.Count > 0)
        {
            return TypedResults.UnprocessableEntity(new ReferenceMistakes(mistakes));
        }

        return await queue.AcceptAsync(RunSubmission.From(request, TraceParents.Current()), key: null, context.RequestAborted) switch
        {
            AcceptResult.Accepted accepted => TypedResults.Ok(new ReferenceAccepted(accepted.JobIds[0])),
            var refused => ProblemResults.Refused(refused),
        };
    }

    // A body without a content type is taken for JSON, as the reference does; one that says it is something else is not read.
    private static async Task<ReferenceFields> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(request.ContentType) && !request.HasJsonContentType())
        {
            return ReferenceFields.Unreadable("value is not a valid dict", "type_error.dict");
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
            return new ReferenceFields(document.RootElement);
        }
        catch (JsonException e)
        {
            return ReferenceFields.Unreadable(e.Message, "value_error.jsondecode");
        }
        catch (InvalidOperationException)
        {
            // A document's texts are looked at when they are asked for: bytes that are no UTF-8, half a surrogate pair.
            return ReferenceFields.Unreadable("a text is not Unicode", "value_error.jsondecode");
        }
    }
}
