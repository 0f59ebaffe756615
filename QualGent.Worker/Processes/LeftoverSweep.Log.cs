namespace QualGent.Worker.Processes;

public sealed partial class LeftoverSweep
{
    [LoggerMessage(3201, LogLevel.Warning, "Ending {Processes} process(es) left by {BatchId}")]
    private partial void LogEnding(int processes, string batchId);

    [LoggerMessage(3202, LogLevel.Error, "Processes of {BatchId} cannot be ended: {Pids}. Look at them by hand.")]
    private partial void LogImmortal(string batchId, string pids);

    [LoggerMessage(3203, LogLevel.Warning, "Old output {Folder} could not be deleted: {Reason}")]
    private partial void LogNotDeleted(string folder, string reason);
}
