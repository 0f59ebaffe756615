using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>Nothing of the batch can run, for a reason the tester can change: the verdict of all its jobs.</summary>
public sealed class BatchRefusedException(FileVerdict verdict) : Exception(verdict.Message)
{
    /// <summary>What to report.</summary>
    public FileVerdict Verdict { get; } = verdict;

    /// <summary>A failure that is the tester's to fix.</summary>
    public static BatchRefusedException Failed(string code, string message) => new(FileVerdict.Failed(code, message));
}
