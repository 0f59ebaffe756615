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
        var property = Prop.ForAll(sequences, numbers => Task.Run(() => RunAsync(numbers)).GetAwaiter().GetResult());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(seed * 0x9E3779B97F4A7C15, 1), property);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync(TestContext.Current.CancellationToken);
        // Version 1.2.6 of the client looks at a new connection once more. When it cannot read the answer within connectTimeout, on
        // a busy machine, it refuses calls ("No connection is available") for a second, although the connection never broke.
        _redis = await _server.ConnectAsync("connectTimeout=60000");
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

    private async Task RunAsync(int[] numbers)
    {
        await _redis.GetDatabase().ExecuteAsync("FLUSHALL");
        var story = new QueueStory(new QueueHarness(_redis, options => options.Retention = TimeSpan.FromMinutes(2)), numbers.Length);
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
