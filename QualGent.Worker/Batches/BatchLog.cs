namespace QualGent.Worker.Batches;

internal static partial class BatchLog
{
    [LoggerMessage(3402, LogLevel.Warning, "{BatchId}: the supervisor reports '{Kind}': {Detail}")]
    public static partial void Suspicious(ILogger logger, string batchId, string kind, string? detail);

    [LoggerMessage(3403, LogLevel.Warning, "{BatchId} could not be opened ({Code}): {Reason}")]
    public static partial void OpenFailed(ILogger logger, string batchId, string code, string? reason);
}
