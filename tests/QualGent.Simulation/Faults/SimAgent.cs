using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Model;

namespace QualGent.Simulation.Faults;

/// <summary>
/// An agent that behaves as the real one: registers, beats, claims, installs, runs file by file, writes every report into a journal and
/// repeats it until it is answered. It can crash, freeze, and lose answers; it then knows old epochs and tokens and uses them.
/// </summary>
internal sealed partial class SimAgent(string id, IReadOnlyList<DeviceProfile> devices, CheckedQueue queue, Agenda agenda)
{
    private const long BeatMs = 10_000;
    private const long RepeatMs = 1000;
    private readonly List<SimDevice> _devices = [.. devices.Select(profile => new SimDevice(profile))];
    private readonly List<JobReport> _journal = [];
    private readonly List<Planned> _plans = [];
    private Planned? _beat;
    private long _frozenUntilMs;

    public string Id => id;

    public bool IsAlive { get; private set; }

    /// <summary>The answer to the next call does not arrive.</summary>
    public bool LosesAnswer { get; set; }

    public IReadOnlyList<SimDevice> Devices => _devices;

    /// <summary>A new life: first the reports of the old one, then the devices.</summary>
    public void Start(long inMs)
    {
        IsAlive = true;
        Plan(inMs, DeliverAsync);
    }

    /// <summary>All that is not on disk is gone.</summary>
    public void Crash()
    {
        (IsAlive, LosesAnswer, _frozenUntilMs, _beat) = (false, false, 0, null);
        _plans.ForEach(plan => plan.IsCancelled = true);
        _plans.Clear();
        _devices.ForEach(device => device.Forget());
    }

    /// <summary>Stops as it should: gives its devices back first. Comes back later.</summary>
    public async Task<string> LeaveAsync(long awayMs)
    {
        if (agenda.NowMs < _frozenUntilMs)
        {
            return $"{id} is frozen and hears nobody";
        }

        await queue.UnregisterAsync(id);
        Crash();
        Start(awayMs);
        return string.Create(CultureInfo.InvariantCulture, $"{id} leaves for {awayMs / 1000.0:0.0} s");
    }

    /// <summary>What is due meanwhile happens when the agent thaws; it notices nothing.</summary>
    public void Freeze(long ms) => _frozenUntilMs = agenda.NowMs + ms;

    public void Thaw() => _frozenUntilMs = 0;

    /// <summary>The agent hears a hint.</summary>
    public void Hear(string kind, string device)
    {
        if (!IsAlive || agenda.NowMs < _frozenUntilMs)
        {
            return;
        }

        if (kind == "beat" && _beat is not null)
        {
            _beat.IsCancelled = true;
            _beat = Plan(20, BeatAsync);
        }
        else if (kind == "claim" && _devices.Find(known => known.Id == device) is { Batch: null, Epoch: > 0 } idle)
        {
            Next(idle, 20, random => ClaimAsync(idle, random));
        }
    }

    /// <summary>A device stops working.</summary>
    public string Kill(SimDevice device)
    {
        if (device.Current is not { } job)
        {
            return $"{queue.Name(device.Id)} dies while it runs nothing";
        }

        device.Current = null;
        device.MustYield = true;
        Report(device, job, JobOutcome.Lost, VerdictCodes.Infrastructure);
        Next(device, 1, _ => SendAsync(device));
        return $"{queue.Name(device.Id)} dies during {queue.Name(job.JobId)}";
    }

    private async Task<string> DeliverAsync(Random random)
    {
        if (_journal is not [var report, ..])
        {
            var told = await RegisterAsync(_devices, keepsOthers: false);
            _beat = Plan(BeatMs, BeatAsync);
            return told;
        }

        var status = await queue.FinishAsync(report);
        if (!Lost())
        {
            _journal.RemoveAt(0);
        }

        Plan(5, DeliverAsync);
        return $"delivers {queue.Name(report.Job.JobId)} {report.Outcome} of a former life: {status}";
    }

    private async Task<string> RegisterAsync(List<SimDevice> wanted, bool keepsOthers)
    {
        var registration = new AgentRegistration { AgentId = id, Name = id, Host = id, Devices = [.. wanted.Select(device => device.Profile)], KeepsOthers = keepsOthers };
        var result = await queue.RegisterAsync(registration);
        var lost = Lost();
        foreach (var device in wanted)
        {
            device.Forget();
            device.Epoch = lost ? 0 : result.Accepted.GetValueOrDefault(device.Id);
            if (device.Epoch == 0)
            {
                Next(device, 5 * RepeatMs, _ => RegisterAsync([device], keepsOthers: true));
            }
            else
            {
                Next(device, 10, random => ClaimAsync(device, random));
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"registers {wanted.Count} devices, {result.Refused.Count} refused{(lost ? ", unheard" : "")}");
    }

    private async Task<string> BeatAsync(Random random)
    {
        _beat = Plan(BeatMs, BeatAsync);
        var owned = _devices.Where(device => device.Epoch != 0).ToList();
        var beats = owned.Select(device => new DeviceBeat(device.Id, device.Epoch, device.Held.ToDictionary(job => job.JobId, job => job.Token), null)).ToList();
        var replies = await queue.BeatAsync(id, beats);
        if (Lost())
        {
            return "beats, unheard";
        }

        foreach (var (device, reply) in owned.Zip(replies))
        {
            if (reply.Fenced)
            {
                device.Forget();
                Next(device, RepeatMs, _ => RegisterAsync([device], keepsOthers: true));
                continue;
            }

            device.MustYield |= reply.Yield && device.Batch is not null;
            device.Cancelled.UnionWith(reply.CancelJobIds);
            Drop(device, reply.LostJobIds);
            if (device.Current is { } current && device.Cancelled.Contains(current.JobId))
            {
                Next(device, RepeatMs, next => EndAsync(device, next));
            }
        }

        return $"beats{string.Concat(owned.Zip(replies).Select(pair => pair.Second.Fenced ? $", {queue.Name(pair.First.Id)} is fenced" : pair.Second.Yield ? $", {queue.Name(pair.First.Id)} is to yield" : ""))}";
    }

    private bool Lost()
    {
        (var lost, LosesAnswer) = (LosesAnswer, false);
        return lost;
    }

    private Planned Plan(long inMs, Func<Random, Task<string>> action)
    {
        var plan = agenda.In(inMs, async random => $"{id} {await action(random)}", () => _frozenUntilMs);
        _plans.RemoveAll(old => old.IsCancelled);
        _plans.Add(plan);
        return plan;
    }
}
