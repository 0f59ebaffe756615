using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using QualGent.Scheduling;
using QualGent.Scheduling.Hooks;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Scheduling.Telemetry;
using QualGent.Simulation.Checking;
using StackExchange.Redis;

namespace QualGent.Simulation;

/// <summary>The real queue (classes, scripts, Redis) in a pool of its own, in virtual time.</summary>
internal class VirtualQueue
{
    /// <summary>First instant of every simulation.</summary>
    public const long BeginMs = 1_800_000_000_000;

    private readonly QueueClock _clock = new() { NowMs = BeginMs };

    /// <summary>Puts the queue together as <see cref="SchedulingRegistration"/> does.</summary>
    /// <param name="redis">Its store.</param>
    /// <param name="options">Its settings; the pool should be empty.</param>
    /// <param name="seed">For the jitter of retries.</param>
    /// <param name="time">For the ids of runs and batches; null: the virtual clock, so that a seed gives the same order each time.</param>
    public VirtualQueue(IConnectionMultiplexer redis, SchedulingOptions options, int seed, TimeProvider? time = null)
    {
        Options = options;
        time ??= new VirtualTime(_clock);
        var settings = Microsoft.Extensions.Options.Options.Create(options);
        Keys = new RedisKeys(options.Pool);
        Scripts = new QueueScripts(redis, Keys, _clock);
        Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var instruments = new SchedulingInstruments(Meters);
        var hints = new QueueHints(redis);
        var classes = new RequirementClasses(Scripts);
        History = new RedisTestHistory(Scripts);
        Jobs = new RedisJobQueue(Scripts, new AcceptCalls(Scripts, settings), new QueueReader(Scripts), History, classes, hints, instruments, time);
        Agents = new RedisAgentQueue(Scripts, new FinishCalls(Scripts, settings, new Random(seed)), classes, hints, instruments, settings, time);
        Log = new RedisJobLog(Scripts, hints);
        Results = new RedisJobResults(Scripts);
        Artifacts = new RedisJobArtifacts(Scripts);
        Control = new RedisQueueControl(Scripts, Jobs, settings);
        Hooks = new RedisHookRegistry(Scripts);
        Deliveries = new RedisHookDeliveries(Scripts, new Random(seed));
        Upkeep = new RedisQueueUpkeep(Scripts, instruments, settings);
        Invariants = new QueueInvariants(redis.GetDatabase(), Keys);
    }

    public SchedulingOptions Options { get; }

    public RedisKeys Keys { get; }

    public QueueScripts Scripts { get; }

    public IMeterFactory Meters { get; }

    public IJobQueue Jobs { get; }

    public IAgentQueue Agents { get; }

    public IJobLog Log { get; }

    public IJobResults Results { get; }

    public IJobArtifacts Artifacts { get; }

    public ITestHistory History { get; }

    public IQueueControl Control { get; }

    public IHookRegistry Hooks { get; }

    public IHookDeliveries Deliveries { get; }

    public IQueueUpkeep Upkeep { get; }

    public QueueInvariants Invariants { get; }

    /// <summary>The time scripts see; 0 gives them the server's.</summary>
    public long NowMs { get => _clock.NowMs; set => _clock.NowMs = value; }

    /// <summary>Sweeps until nothing more is waiting.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        for (var rounds = 0; await Upkeep.SweepAsync(cancellationToken); rounds++)
        {
            if (rounds == 1000)
            {
                throw new InvariantException("sweeping never ends");
            }
        }
    }
}
