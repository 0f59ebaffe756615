namespace QualGent.Contracts.Tests.Jobs;

public sealed class PrioritiesTests
{
    [Theory]
    [InlineData("low", 2)]
    [InlineData("normal", 5)]
    [InlineData("High", 7)]
    [InlineData(" urgent ", 9)]
    [InlineData("0", 0)]
    [InlineData("9", 9)]
    [InlineData("11", 11)]
    [InlineData("-1", -1)]
    public void TryParse_NumberOrName_IsRead(string text, int expected)
    {
        Assert.True(Priorities.TryParse(text, out var priority));
        Assert.Equal(expected, priority);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("highest")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(Priorities.TryParse(text, out _));
}
