using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Queue;

namespace QualGent.Simulation.Faults;

/// <summary>A device as its agent remembers it; a crash of the agent forgets all but the profile.</summary>
internal sealed class SimDevice(DeviceProfile profile)
{
    public DeviceProfile Profile => profile;

    public string Id => profile.DeviceId;

    /// <summary>0: not registered, or fenced.</summary>
    public long Epoch { get; set; }

    /// <summary>App build on it; survives its agent.</summary>
    public string? Build { get; set; }

    public Batch? Batch { get; set; }

    /// <summary>Files of the batch that have not begun.</summary>
    public List<ClaimedJob> Waiting { get; } = [];

    public ClaimedJob? Current { get; set; }

    public bool MustYield { get; set; }

    /// <summary>Jobs it heard are cancelled.</summary>
    public HashSet<string> Cancelled { get; } = [];

    /// <summary>What it does next.</summary>
    public Planned? Plan { get; set; }

    public JobHandle Handle(ClaimedJob job) => new(job.JobId, job.Token, Id, Epoch);

    public IEnumerable<ClaimedJob> Held => Current is null ? Waiting : Waiting.Prepend(Current);

    public void Forget()
    {
        (Epoch, Batch, Current, MustYield) = (0, null, null, false);
        Waiting.Clear();
        Cancelled.Clear();
    }
}
