using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>Random sequences of operations on the real scripts; the model and the invariants are compared after every step.</summary>
public sealed class QueuePropertyTests : IAsyncLifetime
{
    private RedisServer _server = null!;
    private ConnectionMultiplexer _redis = null!;

    private const int Cases = 20;
    private const int Steps = 80;

    /// <summary>FsCheck prints the shrunk sequence of numbers and the seed; both reproduce the failure.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AnySequence_OfOperations_KeepsInvariantsAndEnds(ulong seed)
    {
        var sequences = Arb.From(Gen.Choose(0, 1 << 24).ArrayOf(Steps), Shorter);
        var property = Prop.ForAll(sequences, numbers => Task.Run(() => RunConnectedAsync(numbers)).GetAwaiter().GetResult());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(seed * 0x9E3779B97F4A7C15, 1), property);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        _redis = await _server.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _redis.Dispose();
        await _server.DisposeAsync();
    }

    // Leaves out ever smaller pieces: half of the steps, a quarter … one.
    private static IEnumerable<int[]> Shorter(int[] numbers)
    {
        for (var size = numbers.Length / 2; size > 0; size /= 2)
        {
            for (var from = 0; from + size <= numbers.Length; from += size)
            {
                yield return [.. numbers[..from], .. numbers[(from + size)..]];
            }
        }
    }

    // A sequence is the same every time. When the client drops its connection on a busy machine, it is told again from its
    // beginning over a new one; a second drop fails the test.
    private async Task RunConnectedAsync(int[] numbers)
    {
        try
        {
            await RunAsync(numbers);
        }
        catch (Exception e) when (e is RedisConnectionException || e.InnerException is RedisConnectionException)
        {
            _redis.Dispose();
            _redis = await _server.ConnectAsync();
            await RunAsync(numbers);
        }
    }

    private async Task RunAsync(int[] numbers)
    {
        await _redis.GetDatabase().ExecuteAsync("FLUSHALL");
        var story = new QueueStory(new QueueHarness(_redis), numbers.Length);
        await story.BeginAsync();
        for (var i = 0; i < numbers.Length; i++)
        {
            var told = "";
            try
            {
                told = await story.StepAsync(Math.Abs(numbers[i]));
                await story.CheckAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"step {i} ({numbers[i]}: {told}): {e.Message}\n{string.Join('\n', story.Told)}"), e);
            }
        }

        await story.DrainAsync();
    }
}
