using QualGent.Contracts;
using QualGent.Simulation.Checking;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Model;

/// <summary>
/// Takes over what a sweep has ended: jobs that waited too long, jobs of a condemned build, what is left of runs that are given up. Where several
/// reasons hold, or several runs leave one job, no order is promised; so it is read, and must be allowed and complete.
/// </summary>
internal sealed class SweepReading(QueueModel model, PoolSnapshot pool, Func<string, string> name)
{
    /// <summary>Brings the model in line.</summary>
    /// <exception cref="InvariantException">Something is left that the sweep should have ended.</exception>
    public void TakeOver()
    {
        var open = model.Parts.Values.Where(part => !part.Status.IsTerminal()).ToList();
        // One end may be the reason for others.
        while (open.Exists(TakeOver))
        {
        }

        foreach (var part in open.Where(part => !part.Status.IsTerminal()))
        {
            Require(!part.IsOverdue || part.Status != JobStatus.Queued, $"{name(part.Id)} has waited too long, and a sweep left it");
            Require(!model.WholeOf(part).IsGivenUp || part.Job.Cancel, $"{name(part.Id)} belongs to a run that is given up, and a sweep left it");
        }
    }

    // Whether it changed anything.
    private bool TakeOver(ModelPart part)
    {
        if (part.Status.IsTerminal())
        {
            return false;
        }

        if (HowItLeft(part) is { } left)
        {
            return End(part, left == "cancelled", left == "errored");
        }

        // Who left it before the work ended comes first; of the others the last one ends it for all.
        if (part.Job.Parts.Exists(other => other.Left is null && HowItLeft(other) is not null))
        {
            return false;
        }

        var work = pool.Hash("job:" + part.Job.Id);
        var (status, code) = (work.GetValueOrDefault("status"), work.GetValueOrDefault("code"));
        if (status == "errored" && code == VerdictCodes.InstallFailed && part.Job.Status == JobStatus.Queued && part.Job.CreatedMs <= model.Group(part.Job.Group).CondemnedMs)
        {
            part.Job.End(JobStatus.Errored, VerdictCodes.InstallFailed);
            return true;
        }

        var isLast = !part.Job.Parts.Exists(other => other != part && other.Left is null);
        return isLast && End(part, !part.Job.Cancel && (status == "cancelled" || work.ContainsKey("cancel")), status == "errored" && code == VerdictCodes.QueueTimeout);
    }

    private bool End(ModelPart part, bool isCancelled, bool isExpired)
    {
        if (isCancelled && model.WholeOf(part).IsGivenUp)
        {
            QueueModel.Cancel(part);
            return true;
        }

        if (isExpired && part.IsOverdue)
        {
            part.Leave(JobStatus.Errored, job => job.End(JobStatus.Errored, VerdictCodes.QueueTimeout));
            return true;
        }

        return false;
    }

    // How it ended for its run while others went on waiting for the work.
    private string? HowItLeft(ModelPart part) => pool.Hash("job:" + part.Id).GetValueOrDefault(part.IsOwn ? "left" : "status");
}
