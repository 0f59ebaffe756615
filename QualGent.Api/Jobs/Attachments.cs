using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary>What of a submission was attached to jobs under way, for its answer.</summary>
internal static class Attachments
{
    /// <returns>Null, which is left out of the answer, when nothing was.</returns>
    public static IReadOnlyList<AttachedJob>? Of(AcceptResult.Accepted accepted) => accepted.Attached is [] ? null : accepted.Attached;
}
