using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Simulation.Model;

// What follows from what agents say about jobs they hold.
internal sealed partial class QueueModel
{
    private const int InstallDevices = 3;

    public WriteStatus Begin(JobHandle handle)
    {
        if (!Holds(handle))
        {
            return WriteStatus.Stale;
        }

        var job = Jobs[handle.JobId];
        (var begun, job.Begun) = (job.Begun, true);
        return begun ? WriteStatus.Duplicate : WriteStatus.Done;
    }

    public WriteStatus Release(JobHandle handle)
    {
        if (Jobs.TryGetValue(handle.JobId, out var job) && job.Reported == handle.Token)
        {
            return WriteStatus.Duplicate;
        }

        if (job is null || !Holds(handle) || job.Begun)
        {
            return WriteStatus.Stale;
        }

        job.Reported = handle.Token;
        Requeue(job);
        return WriteStatus.Done;
    }

    /// <param name="report">What is reported.</param>
    /// <param name="couldServe">How many devices serve the job's class.</param>
    /// <param name="nowMs">The time.</param>
    public WriteStatus Finish(JobReport report, int couldServe, long nowMs)
    {
        if (Jobs.TryGetValue(report.Job.JobId, out var job) && job.Reported == report.Job.Token)
        {
            return WriteStatus.Duplicate;
        }

        if (job is null || !Holds(report.Job))
        {
            return WriteStatus.Stale;
        }

        job.Reported = report.Job.Token;
        var (outcome, code) = report.Outcome == JobOutcome.RunAlone && job.Alone ? (JobOutcome.Errored, VerdictCodes.RunnerError) : (report.Outcome, report.Code);
        if (job.Cancel && outcome is not (JobOutcome.Passed or JobOutcome.Failed))
        {
            job.End(JobStatus.Cancelled, VerdictCodes.Cancelled);
            return WriteStatus.Done;
        }

        switch (outcome)
        {
            case JobOutcome.Passed or JobOutcome.Failed or JobOutcome.Errored:
                Judge(job, outcome, report.Outcome == outcome ? code : null, code, nowMs);
                break;
            case JobOutcome.Lost:
                Lose(job, nowMs, report.Charge);
                break;
            case JobOutcome.RunAlone:
                job.Alone = true;
                Requeue(job);
                break;
            case JobOutcome.InstallFailed:
                InstallFailed(job, couldServe, nowMs);
                break;
        }

        return WriteStatus.Done;
    }

    private void Judge(ModelJob job, JobOutcome outcome, string? reported, string? code, long nowMs)
    {
        job.Attempts++;
        Group(job.Group).FailedOn.Clear();
        if (outcome == JobOutcome.Passed)
        {
            job.End(JobStatus.Passed, null);
        }
        else if (reported is not null && VerdictCodes.Retried(reported) && job.Attempts < job.AttemptsMax && !job.Cancel)
        {
            job.ChargedMs = nowMs;
            Requeue(job);
        }
        else
        {
            job.End(outcome == JobOutcome.Failed ? JobStatus.Failed : JobStatus.Errored, code);
        }
    }

    private void InstallFailed(ModelJob job, int couldServe, long nowMs)
    {
        var group = Group(job.Group);
        if (job.CreatedMs > group.CondemnedMs)
        {
            group.FailedOn.Add(job.Device!);
            if (group.FailedOn.Count < Math.Min(InstallDevices, couldServe))
            {
                Requeue(job);
                return;
            }

            group.FailedOn.Clear();
            group.CondemnedMs = nowMs;
        }

        job.End(JobStatus.Errored, VerdictCodes.InstallFailed);
    }

    private static void Lose(ModelJob job, long nowMs, LossCharge charge)
    {
        if (charge == LossCharge.Always || (charge == LossCharge.WhenBegun && job.Begun))
        {
            job.Losses++;
            job.Alone = true;
            job.ChargedMs = nowMs;
            if (job.Losses > Limits.InfrastructureLossesMax && !job.Cancel)
            {
                job.End(JobStatus.Errored, VerdictCodes.Infrastructure);
                return;
            }
        }

        Requeue(job);
    }

    private static void Requeue(ModelJob job)
    {
        if (job.Cancel)
        {
            job.End(JobStatus.Cancelled, VerdictCodes.Cancelled);
        }
        else
        {
            (job.Status, job.Begun) = (JobStatus.Queued, false);
        }
    }
}
