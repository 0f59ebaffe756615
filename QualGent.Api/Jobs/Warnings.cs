using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary>What a submitter should know although nothing is wrong with the submission.</summary>
internal static class Warnings
{
    private const int TestsNamed = 5;

    public static IReadOnlyList<string> For(RunSubmission run, AcceptResult.Accepted accepted)
    {
        var warnings = new List<string>();
        foreach (var needs in accepted.Unserved)
        {
            warnings.Add($"No registered device serves {needs}: the tests wait until one appears, at most {TimeText.Of(run.QueueTimeout)}. GET /v1/devices lists what there is.");
        }

        if (accepted is { Replayed: false, AppDigest: null })
        {
            warnings.Add($"No build is registered as '{run.AppVersionId}': devices install what lies under that name in their agent's own folder, or else what the test project's buildPath names.");
        }

        if (accepted.Quarantined is { } quarantined)
        {
            var more = quarantined.Count > TestsNamed ? $" and {quarantined.Count - TestsNamed} more" : "";
            warnings.Add($"In quarantine, so that the verdict will not depend on them: {string.Join(", ", quarantined.Take(TestsNamed))}{more}.{(quarantined.Count == (run.Cells.Count == 0 ? run : run.Cells[0]).Tests.Count ? " There are no others: the run will end incomplete." : "")}");
        }

        return warnings;
    }
}
