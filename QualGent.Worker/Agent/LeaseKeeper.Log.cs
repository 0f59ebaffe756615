namespace QualGent.Worker.Agent;

public sealed partial class LeaseKeeper
{
    [LoggerMessage(3011, LogLevel.Warning, "Heartbeat failed ({Reason}); batches end by themselves before their leases do.")]
    private partial void LogBeatFailed(string reason);

    [LoggerMessage(3012, LogLevel.Warning, "{Serial} is not ours any more (epoch {Epoch}): its lease ran out. Ending its batch and registering again.")]
    private partial void LogFenced(string serial, long epoch);

    [LoggerMessage(3013, LogLevel.Information, "{JobId} on {Serial} was cancelled")]
    private partial void LogCancelAsked(string jobId, string serial);
}
