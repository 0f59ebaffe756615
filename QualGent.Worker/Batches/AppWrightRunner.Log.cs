namespace QualGent.Worker.Batches;

public sealed partial class AppWrightRunner
{
    [LoggerMessage(3401, LogLevel.Warning, "{BatchId} cannot run: {Reason}")]
    private partial void LogRefused(string batchId, string reason);
}
