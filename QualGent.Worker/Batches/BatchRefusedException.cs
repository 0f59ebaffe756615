using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>Nothing of the batch can run: the verdict of all its jobs.</summary>
/// <param name="verdict">The verdict.</param>
/// <param name="printed">What a tool printed before it failed, for the jobs' logs.</param>
public sealed class BatchRefusedException(FileVerdict verdict, string printed = "") : Exception(verdict.Message)
{
    /// <summary>What a tool printed before it failed.</summary>
    public string Printed => printed;

    /// <summary>What to report.</summary>
    public FileVerdict Verdict { get; } = verdict;

    /// <summary>A failure that is the tester's to fix.</summary>
    public static BatchRefusedException Failed(string code, string message) => new(FileVerdict.Failed(code, message));

    /// <summary>A loss that is the operator's to fix. Charged, or the jobs would come back for ever.</summary>
    public static BatchRefusedException Infrastructure(string message) => new(new FileVerdict(JobOutcome.Lost, VerdictCodes.Infrastructure, message) { Charge = LossCharge.Always });
}
