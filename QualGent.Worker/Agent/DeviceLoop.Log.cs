namespace QualGent.Worker.Agent;

public sealed partial class DeviceLoop
{
    [LoggerMessage(3023, LogLevel.Warning, "{Serial}: the queue does not answer ({Reason}); trying again.")]
    private partial void LogStoreFault(string serial, string reason);

    [LoggerMessage(3024, LogLevel.Warning, "{Serial} was claimed under an old epoch {Epoch}; registering again.")]
    private partial void LogFenced(string serial, long epoch);

    [LoggerMessage(3025, LogLevel.Information, "{BatchId}: {Jobs} job(s) of {Org}/{AppVersion} on {Serial}")]
    private partial void LogBatch(string batchId, int jobs, string org, string appVersion, string serial);

    [LoggerMessage(3026, LogLevel.Error, "{BatchId} on {Serial} ended by a fault of the agent")]
    private partial void LogRunnerFault(Exception fault, string batchId, string serial);
}
