using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Scheduling.Tests.Harness;

/// <summary>What the queue should be, in plain dictionaries. It does not choose; it says whether a choice was allowed and what follows from it.</summary>
internal sealed class QueueModel(TimeSpan lease, TimeSpan outageAfter)
{
    private long _lastSweepMs;
    private long _graceMs;

    public Dictionary<string, ModelJob> Jobs { get; } = [];

    public Dictionary<string, ModelDevice> Devices { get; } = [];

    /// <summary>Groups for which an installation failed: their jobs may end by that.</summary>
    public HashSet<string> InstallFailures { get; } = [];

    public IEnumerable<ModelJob> Held(string device) => Jobs.Values.Where(job => job.Status == JobStatus.Running && job.Device == device);

    public void Beat(string device, long now) => Devices[device].LeaseEndMs = now + (long)lease.TotalMilliseconds;

    public static void Lose(ModelJob job, long now, LossCharge charge = LossCharge.WhenBegun)
    {
        if (charge == LossCharge.Always || (charge == LossCharge.WhenBegun && job.Begun))
        {
            job.Losses++;
            job.Alone = true;
            job.QueuedMs = now;
            if (job.Losses > Limits.InfrastructureLossesMax && !job.Cancel)
            {
                job.Status = JobStatus.Errored;
                return;
            }
        }

        Requeue(job);
    }

    /// <summary>A retry waits anew; what was not charged keeps the time it has waited.</summary>
    public static void Retry(ModelJob job, long now)
    {
        job.QueuedMs = now;
        Requeue(job);
    }

    public static void Requeue(ModelJob job)
    {
        job.Status = job.Cancel ? JobStatus.Cancelled : JobStatus.Queued;
        job.Begun = false;
    }

    public static void Cancel(ModelJob job)
    {
        if (job.Status == JobStatus.Queued)
        {
            job.Status = JobStatus.Cancelled;
        }
        else if (job.Status == JobStatus.Running)
        {
            job.Cancel = true;
        }
    }

    public void TakeBack(string device, long now)
    {
        foreach (var job in Held(device).ToList())
        {
            Lose(job, now);
        }

        Devices[device].Online = false;
    }

    public void Sweep(long now)
    {
        if (now - _lastSweepMs < 200)
        {
            return;
        }

        if (_lastSweepMs > 0 && now - _lastSweepMs > outageAfter.TotalMilliseconds)
        {
            _graceMs = now + (long)lease.TotalMilliseconds;
        }

        _lastSweepMs = now;
        foreach (var (id, _) in Devices.Where(device => device.Value.Online && device.Value.LeaseEndMs < now && _graceMs <= now).ToList())
        {
            TakeBack(id, now);
        }

        foreach (var job in Jobs.Values.Where(job => job.Status == JobStatus.Queued && job.QueuedMs + job.QueueTimeoutMs <= now))
        {
            job.Status = JobStatus.Errored;
        }
    }
}

internal sealed class ModelJob
{
    public required string Id { get; init; }
    public required string Lane { get; init; }
    public required string Group { get; init; }
    public required string File { get; init; }
    public required int AttemptsMax { get; init; }
    public required long QueueTimeoutMs { get; init; }
    public required long QueuedMs { get; set; }
    public JobStatus Status { get; set; }
    public string? Device { get; set; }
    public long Token { get; set; }
    public long Reported { get; set; }
    public bool Begun { get; set; }
    public bool Cancel { get; set; }
    public bool Alone { get; set; }
    public int Attempts { get; set; }
    public int Losses { get; set; }
}

internal sealed class ModelDevice
{
    public required string Agent { get; init; }
    public long Epoch { get; set; }
    public bool Online { get; set; }
    public long LeaseEndMs { get; set; }
}
