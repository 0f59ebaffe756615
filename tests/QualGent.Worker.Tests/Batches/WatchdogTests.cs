using QualGent.Testing;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Tests.Batches;

public sealed class WatchdogTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);
    private volatile bool _bitten;

    [Fact]
    public async Task Heard_ThenSilence_Bites()
    {
        await using var watchdog = new Watchdog(() => _bitten = true, s_never, TimeProvider.System);
        watchdog.Heard(s_soon);
        await BitesAsync();
    }

    [Fact]
    public async Task ExpectRoundEnd_OnlyOtherWordsFollow_BitesAllTheSame()
    {
        await using var watchdog = new Watchdog(() => _bitten = true, s_never, TimeProvider.System);
        watchdog.ExpectRoundEnd(s_soon);
        watchdog.Heard(s_never);
        await BitesAsync();
    }

    [Fact]
    public async Task ExpectEnd_AnotherRoundEnds_BitesAllTheSame()
    {
        await using var watchdog = new Watchdog(() => _bitten = true, s_never, TimeProvider.System);
        watchdog.ExpectEnd(s_soon);
        watchdog.HeardRoundEnd(s_never);
        await BitesAsync();
    }

    [Fact]
    public async Task HeardRoundEnd_AsExpected_DoesNotBite()
    {
        await using var watchdog = new Watchdog(() => _bitten = true, s_never, TimeProvider.System);
        watchdog.ExpectRoundEnd(TimeSpan.FromSeconds(2));
        watchdog.HeardRoundEnd(s_never);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(_bitten);
    }

    private Task BitesAsync() => Eventually.HoldsAsync(() => _bitten, "the watchdog has bitten", TestContext.Current.CancellationToken);
}
