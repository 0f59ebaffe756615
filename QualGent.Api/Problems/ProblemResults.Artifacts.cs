using QualGent.Contracts;

namespace QualGent.Api.Problems;

/// <summary>Artifacts that are known and cannot be had.</summary>
internal static partial class ProblemResults
{
    public static ProblemResult ArtifactPending(string name) => new(
        new Problem
        {
            Title = "The artifact is not there yet",
            Status = StatusCodes.Status409Conflict,
            Code = ProblemCodes.ArtifactPending,
            Detail = $"The agent has '{name}' and has yet to upload it, which it does as soon as the blob store takes it. Ask again later.",
        },
        s_storeRetryAfter);

    public static ProblemResult ArtifactMissing(string name, string reason) => new(new Problem
    {
        Title = "The artifact is missing",
        Status = StatusCodes.Status410Gone,
        Code = ProblemCodes.ArtifactMissing,
        Detail = $"'{name}' cannot be had: {reason}",
    });
}
