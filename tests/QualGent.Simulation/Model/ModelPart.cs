using QualGent.Contracts;

namespace QualGent.Simulation.Model;

/// <summary>
/// A job as one of its run's: what a run waits for. Usually the work is its own; where an equal job of another run was under way
/// it is that one's, and several runs wait for it.
/// </summary>
internal sealed class ModelPart
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    /// <summary>Where the work is done.</summary>
    public required ModelJob Job { get; init; }

    /// <summary>Since when the run wants it.</summary>
    public required long WantedMs { get; init; }

    /// <summary>Its test was in quarantine when the run was accepted: how it ends does not count.</summary>
    public required bool IsExcluded { get; init; }

    /// <summary>The last sweep found that it had waited too long.</summary>
    public bool IsOverdue { get; set; }

    /// <summary>How it ended for its run, which left while others went on waiting.</summary>
    public JobStatus? Left { get; private set; }

    public JobStatus Status => Left ?? Job.Status;

    public bool IsOwn => Job.Id == Id;

    /// <summary>From then on the run does not wait any longer for a device.</summary>
    public long DeadlineMs => Math.Max(IsOwn ? 0 : WantedMs, Job.ChargedMs ?? (IsOwn ? WantedMs : 0)) + Job.QueueTimeoutMs;

    /// <summary>The run gives it up: the job ends when no other run waits for it.</summary>
    public void Leave(JobStatus status, Action<ModelJob> end)
    {
        if (Status.IsTerminal())
        {
            return;
        }

        if (Job.Parts.Exists(other => other != this && other.Left is null))
        {
            Left = status;
        }
        else
        {
            end(Job);
        }
    }
}
