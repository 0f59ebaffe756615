namespace QualGent.Contracts.Tests;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData(-1, "0 s")]
    [InlineData(0.9, "0 s")]
    [InlineData(35.9, "35 s")]
    [InlineData(60, "1 min")]
    [InlineData(65, "1 min 5 s")]
    [InlineData(5_400, "1 h 30 min")]
    [InlineData(3_605, "1 h")]
    [InlineData(86_400, "24 h")]
    [InlineData(172_799, "47 h 59 min")]
    [InlineData(172_800, "2 d")]
    [InlineData(7 * 86_400, "7 d")]
    [InlineData((7 * 86_400) + 7_260, "7 d 2 h")]
    public void Of_Seconds_AreWrittenAsPeopleDo(double seconds, string text) => Assert.Equal(text, TimeText.Of(TimeSpan.FromSeconds(seconds)));
}
