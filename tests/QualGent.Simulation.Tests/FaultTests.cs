using QualGent.Simulation.Faults;

namespace QualGent.Simulation.Tests;

/// <summary>
/// Agents crash, freeze and lose answers, devices die, clocks jump, nobody sweeps, hints are lost, somebody guesses tokens: after every step all
/// invariants hold and every job is what the model says, and in the end nothing is stuck. A failure says how to see it again.
/// </summary>
public sealed class FaultTests
{
    private const int Steps = 300;
    private const int Seeds = 15;

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(30)]
    [InlineData(45)]
    public Task AnyFaults_KeepEveryPromise(int firstSeed) => RunAsync(firstSeed, Seeds, durable: false);

    internal static async Task RunAsync(int firstSeed, int seeds, bool durable)
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

/// <summary>The same with a Redis that is killed now and then and starts again on its append-only file. A class of its own, to run beside the other.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(1010)]
    [InlineData(1020)]
    [InlineData(1030)]
    public Task AnyFaults_WithKillsOfRedis_KeepEveryPromise(int firstSeed) => FaultTests.RunAsync(firstSeed, 10, durable: true);
}
