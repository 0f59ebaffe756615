namespace QualGent.Worker.Batches;

public sealed partial class AppWrightRunner
{
    [LoggerMessage(3401, LogLevel.Warning, "{BatchId} cannot run: {Reason}")]
    private partial void LogRefused(string batchId, string reason);

    [LoggerMessage(3404, LogLevel.Error, "{BatchId} could not be prepared on this host")]
    private partial void LogHostFault(Exception fault, string batchId);
}
