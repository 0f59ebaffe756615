using QualGent.Simulation.Faults;

namespace QualGent.Simulation.Tests;

/// <summary>
/// Agents crash, freeze and lose answers, devices die, clocks jump, nobody sweeps, hints are lost, somebody guesses tokens: after every step all
/// invariants hold and every job is what the model says, and in the end nothing is stuck. A failure says how to see it again.
/// </summary>
public abstract class FaultTests
{
    private const int Steps = 300;

    private protected static async Task RunAsync(int firstSeed, int seeds, bool durable = false)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var simulator = await Simulator.StartAsync(durable, ct);
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            var told = await simulator.RunAsync(seed, Steps, ct);
            Assert.True(told.Count > Steps, $"seed {seed} told {told.Count} steps only");
        }
    }
}

/// <summary>Half of the seeds; the classes run side by side.</summary>
public sealed class FirstFaultTests : FaultTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(28)]
    [InlineData(42)]
    public Task AnyFaults_KeepEveryPromise(int firstSeed) => RunAsync(firstSeed, 14);
}

/// <summary>The other half; some with a Redis that is killed now and then and starts again on its append-only file, which takes longer.</summary>
public sealed class SecondFaultTests : FaultTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(1008)]
    public Task AnyFaults_WithKillsOfRedis_KeepEveryPromise(int firstSeed) => RunAsync(firstSeed, 8, durable: true);

    [Theory]
    [InlineData(56)]
    [InlineData(70)]
    public Task AnyFaults_KeepEveryPromise(int firstSeed) => RunAsync(firstSeed, 14);
}
