using QualGent.Cli.CommandLine;

namespace QualGent.Cli.Tests.CommandLine;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("1h30m", 5400)]
    [InlineData("1h0m5s", 3605)]
    public void TryParse_Time_IsUnderstood(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var time));
        Assert.Equal(TimeSpan.FromSeconds(seconds), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-5")]
    [InlineData("5 m")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("1.5h")]
    [InlineData("99999999999h")]
    [InlineData("9999999h")]
    public void TryParse_Nonsense_IsRefused(string text) => Assert.False(Durations.TryParse(text, out _));
}
