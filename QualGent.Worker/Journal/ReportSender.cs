using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Worker.Agent;

namespace QualGent.Worker.Journal;

/// <summary>Delivers reports: first to the journal, then to the queue until it has answered, whatever the answer.</summary>
public sealed partial class ReportSender(IAgentQueue queue, ReportJournal journal, TimeProvider time, ILogger<ReportSender> logger)
{
    private const int RefusalsMax = 6;

    /// <summary>Returns when the report is on disk. A full disk costs the promise to survive a crash, not the result.</summary>
    public async Task KeepAsync(JobReport report)
    {
        try
        {
            await journal.AppendAsync(report);
        }
        catch (IOException e)
        {
            LogJournalFault(report.Job.JobId, e.Message);
        }
    }

    /// <summary>Sends a report that was kept, through any outage.</summary>
    public async Task<WriteStatus> DeliverAsync(JobReport report, CancellationToken cancellationToken)
    {
        var status = await InsistAsync(() => queue.FinishAsync(report, cancellationToken), cancellationToken);
        try
        {
            journal.MarkDone(report);
        }
        catch (IOException e)
        {
            LogNoteFault(report.Job.JobId, e.Message); // Delivered once more in the next life, which changes nothing.
        }

        if (status == WriteStatus.Stale)
        {
            LogRefused(report.Job.JobId, report.Outcome, report.Job.DeviceId);
        }

        return status;
    }

    /// <summary>Delivers what a former life left; must be done before the devices are registered, which makes its tokens worthless.</summary>
    public async Task ReplayAsync(CancellationToken cancellationToken)
    {
        foreach (var report in journal.Pending)
        {
            try
            {
                var status = await DeliverAsync(report, cancellationToken);
                LogReplayed(report.Job.JobId, report.Outcome, status);
            }
            catch (Exception e) when (Backoff.IsStoreFault(e))
            {
                // Said already. It stays in the journal, and the others get their chance.
            }
        }
    }

    /// <summary>Repeats a call while the store does not answer, and a few times when it answers with an error that will not pass.</summary>
    public async Task<T> InsistAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (Backoff.IsStoreFault(e))
            {
                if (failures >= RefusalsMax && !RedisTrouble.Passes(e))
                {
                    LogGivenUp(failures, e.Message);
                    throw;
                }

                if (failures == 1)
                {
                    LogStoreFault(e.Message);
                }

                await Task.Delay(Backoff.After(failures), time, cancellationToken);
            }
        }
    }
}
