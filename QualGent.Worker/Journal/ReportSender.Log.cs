using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Journal;

public sealed partial class ReportSender
{
    [LoggerMessage(3101, LogLevel.Warning, "Report {Outcome} about {JobId} refused: {DeviceId} does not hold it any more. Whoever holds it now reports.")]
    private partial void LogRefused(string jobId, JobOutcome outcome, string deviceId);

    [LoggerMessage(3102, LogLevel.Information, "Report {Outcome} about {JobId} from before the restart delivered: {Status}")]
    private partial void LogReplayed(string jobId, JobOutcome outcome, WriteStatus status);

    [LoggerMessage(3103, LogLevel.Warning, "The queue does not answer ({Reason}); trying until it does. Results are safe in the journal.")]
    private partial void LogStoreFault(string reason);

    [LoggerMessage(3104, LogLevel.Error, "The report about {JobId} could not be journalled ({Reason}); it is delivered from memory. Make room in Worker:StateDir.")]
    private partial void LogJournalFault(string jobId, string reason);

    [LoggerMessage(3105, LogLevel.Warning, "The journal could not note that the report about {JobId} was delivered ({Reason}); it is repeated after a restart. Make room in Worker:StateDir.")]
    private partial void LogNoteFault(string jobId, string reason);

    [LoggerMessage(3106, LogLevel.Error, "The queue refused a call {Times} times ({Reason}); given up. A report stays in the journal and is sent again at the next start. Check that agent and API are of one version and that Redis is healthy.")]
    private partial void LogGivenUp(int times, string reason);
}
