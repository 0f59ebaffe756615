using System.Globalization;
using QualGent.Scheduling;
using QualGent.Scheduling.Redis;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Simulation.Faults;

/// <summary>Runs seeds on a Redis of its own, and makes a failure small.</summary>
internal sealed class Simulator : IAsyncDisposable
{
    private static readonly TimeSpan s_shrinkBudget = TimeSpan.FromSeconds(60);
    private const int Attempts = 3;
    // Short, so that much is forgotten while the story goes on.
    private static readonly TimeSpan s_retention = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(2);
    private readonly RedisServer _server;
    private readonly ConnectionMultiplexer _redis;

    private readonly bool _durable;

    private Simulator(RedisServer server, ConnectionMultiplexer redis, bool durable) => (_server, _redis, _durable) = (server, redis, durable);

    /// <summary>Starts Redis.</summary>
    /// <param name="durable">With an append-only file that is written before an answer, so that it can be killed; slower.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Simulator> StartAsync(bool durable, CancellationToken cancellationToken)
    {
        var server = await RedisServer.StartAsync(cancellationToken, durable ? "always" : "no");
        // Version 1.2.6 of the client refuses calls for a second when a busy machine keeps it from reading an answer within connectTimeout.
        return new Simulator(server, await server.ConnectAsync(durable ? null : "connectTimeout=60000"), durable);
    }

    /// <summary>How many faults all stories had until now.</summary>
    public int Faults { get; private set; }

    /// <summary>Runs a seed and returns what happened.</summary>
    /// <exception cref="SimulationException">A promise was broken; the message says how to see it again and what is left of the story when every step is left out that does not matter.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(int seed, int steps, CancellationToken cancellationToken)
    {
        var whole = await TellAsync(seed, [.. Enumerable.Range(0, steps)], drains: true, cancellationToken);
        if (whole.Failure is null)
        {
            return whole.Told;
        }

        var least = await ShrinkAsync(seed, whole, cancellationToken);
        throw new SimulationException(string.Create(CultureInfo.InvariantCulture, $"""
            {least.Failure!.Message}
            See it again with: eng/sim --seed {seed} --steps {steps}{(_durable ? " --crashes" : "")}
            After {whole.Steps.Count} steps the whole story had failed with: {whole.Failure.Message}
            What is left of it when every step is left out that does not matter:
            {string.Join('\n', least.Told)}
            """), least.Failure);
    }

    // Leaves out half of the steps, a quarter … one, and keeps what fails, whatever the failure. A story that broke a promise before its
    // end is not told to the end again.
    private async Task<Outcome> ShrinkAsync(int seed, Outcome least, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var size = (least.Steps.Count + 1) / 2; size > 0; size = size == 1 ? 0 : (size + 1) / 2)
        {
            for (var from = least.Steps.Count - size; from > -size && TimeProvider.System.GetElapsedTime(started) < s_shrinkBudget; from -= size)
            {
                var (begin, end) = (Math.Clamp(from, 0, least.Steps.Count), Math.Min(least.Steps.Count, from + size));
                var again = await TellAsync(seed, [.. least.Steps.Take(begin), .. least.Steps.Skip(end)], least.Drained, cancellationToken);
                least = again.Failure is null ? least : again;
            }
        }

        return least;
    }

    private async Task CrashAsync()
    {
        await _server.KillAsync(CancellationToken.None);
        await _server.StartAgainAsync(CancellationToken.None);
        await Eventually.GetAsync(IsAnsweringAsync, answers => answers, "the client is connected again", CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _redis.Dispose();
        await _server.DisposeAsync();
    }

    // A story is told alike each time. One that a client on a busy machine could not tell, because it gave up on an answer, says nothing about the queue.
    private async Task<Outcome> TellAsync(int seed, IReadOnlyList<int> steps, bool drains, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await TellOnceAsync(seed, steps, drains, cancellationToken);
            if (attempt == Attempts || outcome.Failure?.InnerException is not { } reason || !RedisTrouble.Passes(reason))
            {
                return outcome;
            }
        }
    }

    private async Task<Outcome> TellOnceAsync(int seed, IReadOnlyList<int> steps, bool drains, CancellationToken cancellationToken)
    {
        await _redis.GetDatabase().ExecuteAsync("FLUSHALL");
        var queue = new VirtualQueue(_redis, new SchedulingOptions { Retention = s_retention }, seed);
        await using var tap = await HintTap.ConnectAsync(_server.ConnectionString, queue.Keys, cancellationToken);
        var world = new World(queue, tap, _durable ? CrashAsync : null);
        var (taken, drained) = (0, false);
        try
        {
            await world.BeginAsync();
            foreach (var step in steps)
            {
                cancellationToken.ThrowIfCancellationRequested();
                taken++;
                await world.StepAsync(new Random((seed * 100_003) + step));
            }

            drained = drains;
            if (drains)
            {
                await world.DrainAsync(new Random(seed));
            }

            Faults += world.Faults;
            return new Outcome(world.Told, steps, drained, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Outcome(world.Told, [.. steps.Take(taken)], drained, new InvalidOperationException(world.Names(e.Message), e));
        }
    }

    private async Task<bool> IsAnsweringAsync()
    {
        try
        {
            // A call that version 1.2.6 of the client took while it lost its connection may never be answered.
            await _redis.GetDatabase().PingAsync().WaitAsync(s_answer, TimeProvider.System);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return false;
        }
    }

    private sealed record Outcome(IReadOnlyList<string> Told, IReadOnlyList<int> Steps, bool Drained, Exception? Failure);
}

/// <summary>A simulation broke a promise.</summary>
public sealed class SimulationException(string message, Exception inner) : Exception(message, inner);
