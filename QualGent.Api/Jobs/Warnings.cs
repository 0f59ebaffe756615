using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary>What a submitter should know although nothing is wrong with the submission.</summary>
internal static class Warnings
{
    public static IReadOnlyList<string> For(RunSubmission run, AcceptResult.Accepted accepted) => accepted.CouldBeServed
        ? []
        : [$"No registered device serves {run.Class}: the tests wait until one appears, at most {run.QueueTimeout.TotalSeconds:0} s. GET /v1/devices lists what there is."];
}
