using QualGent.Api.Blobs;
using QualGent.Api.Problems;
using QualGent.Scheduling.Jobs;

namespace QualGent.Api.Jobs;

/// <summary>The bundle that a submission names: it must be there before the submission is accepted, or its jobs could only fail.</summary>
internal static class SubmittedBundle
{
    /// <summary>The refusal when the organisation lacks the blob; null when it is there, and then its grace time starts again, or when none is named.</summary>
    public static async Task<ProblemResult?> MissingAsync(HttpContext context, RunSubmission submission)
    {
        if (submission.Bundle is null)
        {
            return null;
        }

        var name = new BlobName(submission.OrgId, submission.Bundle);
        var size = await context.RequestServices.GetRequiredService<IBlobStore>().TouchAsync(name, context.RequestAborted);
        return size is null ? ProblemResults.BundleMissing(name) : null;
    }
}
