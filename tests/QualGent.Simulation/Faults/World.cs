using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Simulation.Checking;
using QualGent.Simulation.Model;

namespace QualGent.Simulation.Faults;

/// <summary>
/// Submitters, operators, agents, sweeps and accidents around one queue. What a step does follows from its own random numbers, so that
/// leaving one out changes the others as little as possible.
/// </summary>
internal sealed partial class World
{
    private const long SweepMs = 4000;
    private const int PatienceEvents = 1500;
    private const int LastEvents = 20;
    private const int StepsPerReader = 30;
    private readonly CheckedQueue _queue;
    private readonly HintTap _tap;
    private readonly Func<Task>? _crash;
    private readonly Agenda _agenda;
    private readonly List<SimAgent> _agents;
    private long _silentUntilMs;
    private long _sweepAfterMs;
    private int _keys;

    /// <param name="queue">The queue, empty.</param>
    /// <param name="tap">Hears its hints.</param>
    /// <param name="crash">Kills the store and starts it on its data; null: the store may not be killed.</param>
    public World(VirtualQueue queue, HintTap tap, Func<Task>? crash)
    {
        (_tap, _crash) = (tap, crash);
        _queue = new CheckedQueue(queue);
        _agenda = new Agenda(queue);
        _agents =
        [
            Agent("a", (Targets.Emulator, null), (Targets.Emulator, "14")),
            Agent("b", (Targets.Emulator, null), (Targets.Emulator, null), (Targets.Device, "14")),
            Agent("c", (Targets.Device, "13"), (Targets.Emulator, "14")),
        ];
        _agents.ForEach(agent => agent.Start(10));
        Sweep();
    }

    /// <summary>How many of the steps were faults.</summary>
    public int Faults { get; private set; }

    /// <summary>What has happened, in words.</summary>
    public List<string> Told { get; } = [];

    /// <summary>A text with short names instead of ids.</summary>
    public string Names(string text) => _queue.Names(text);

    /// <summary>What is there before anything happens.</summary>
    public async Task BeginAsync()
    {
        foreach (var org in s_orgs)
        {
            await _queue.AddHookAsync(org);
        }
    }

    /// <summary>One step and its check.</summary>
    public async Task StepAsync(Random random)
    {
        Told.Add(string.Create(CultureInfo.InvariantCulture, $"{_agenda.NowMs / 1000.0:0.000} …"));
        var told = random.NextDouble() < 0.75 ? await _agenda.NextAsync(random) : await InjectAsync(random);
        Told[^1] = string.Create(CultureInfo.InvariantCulture, $"{_agenda.NowMs / 1000.0:0.000} {told}");
        _queue.Repeats = false;
        await SettleAsync();
        if (Told.Count % StepsPerReader == 0)
        {
            await _queue.CheckEventsAsync();
        }
    }

    /// <summary>Everything is well again and runs to its end: nothing may be stuck. Looked at less often, for it takes long.</summary>
    public async Task DrainAsync(Random random)
    {
        Told.Add("all faults end");
        var begin = Told.Count;
        await HealAsync();
        _queue.Judges = false;
        var (open, since) = (0, 0);
        for (var events = 0; Open() is { Count: > 0 } jobs; events++)
        {
            (open, since) = jobs.Count == open ? (open, since) : (jobs.Count, events);
            InvariantException.Require(events - since < PatienceEvents, $"{string.Join(' ', jobs.Select(job => _queue.Name(job.Id)))} stuck");
            if (events % 100 == 99)
            {
                _agenda.Jump(60_000); // for retries, and for devices that are barred for minutes
            }

            var told = await _agenda.NextAsync(random);
            Told.Add(string.Create(CultureInfo.InvariantCulture, $"{_agenda.NowMs / 1000.0:0.000} {told}"));
            if (Told.Count > begin + LastEvents)
            {
                Told.RemoveAt(begin);
            }

            await HearAsync();
            if (events % 16 == 0)
            {
                await _queue.CheckAsync();
            }
        }

        await _queue.CheckAsync();
        await _queue.CheckEventsAsync();
    }

    // What comes from outside: in every fourth step, while the others go on.
    private Task<string> InjectAsync(Random random)
    {
        _agenda.Pass(random.Next(1, 1000));
        _queue.Repeats = random.Next(4) == 0;
        return random.Next(100) < 44 ? WishAsync(random) : BefallAsync(random);
    }

    private List<ModelPart> Open() => [.. _queue.Model.Parts.Values.Where(part => !part.Status.IsTerminal())];

    private async Task SettleAsync()
    {
        await HearAsync();
        await _queue.CheckAsync();
    }

    private async Task HearAsync()
    {
        foreach (var hint in await _tap.DrainAsync(CancellationToken.None))
        {
            if (_agenda.NowMs >= _silentUntilMs && hint.Split(' ') is [var kind, var device])
            {
                _agents.Find(agent => agent.Devices.Any(known => known.Id == device))?.Hear(kind, device);
            }
        }
    }

    private void Sweep() => _agenda.In(
        SweepMs,
        async random =>
        {
            Sweep();
            await _queue.SweepAsync();
            return "sweep";
        },
        () => _sweepAfterMs);

    private SimAgent Agent(string id, params (string Target, string? Os)[] devices)
    {
        var profiles = devices.Index().Select(device => new DeviceProfile
        {
            DeviceId = Ids.Device(id, $"{id}{device.Index}"),
            Serial = string.Create(CultureInfo.InvariantCulture, $"{id}{device.Index}"),
            Provider = "simulated",
            Target = device.Item.Target,
            Platform = Platforms.Android,
            Labels = device.Item.Os is { } os ? new Dictionary<string, string> { ["os"] = os } : new Dictionary<string, string>(),
        }).ToList();
        profiles.ForEach(profile => _queue.Name(profile.DeviceId, profile.Serial));
        return new SimAgent(id, profiles, _queue, _agenda);
    }
}
