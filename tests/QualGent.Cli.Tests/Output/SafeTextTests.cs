using QualGent.Cli.Output;

namespace QualGent.Cli.Tests.Output;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain – ümlaut 日本", "plain – ümlaut 日本")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("\e]0;title\atext", "text")]
    [InlineData("\e]8;;http://x\e\\link", "link")]
    [InlineData("a\e[2Jb\e", "ab\uFFFD")]
    [InlineData("bell\a back\b nul\0 del\x7f c1\u009b31m", "bell\uFFFD back\uFFFD nul\uFFFD del\uFFFD c1\uFFFD31m")]
    [InlineData("abc\u202Etxt", "abc\uFFFDtxt")]
    [InlineData("one\ntwo\ttab", "one two tab")]
    public void Line_HostileText_BecomesHarmless(string text, string expected) => Assert.Equal(expected, SafeText.Line(text));

    [Fact]
    public void Lines_Message_KeepsItsLines() => Assert.Equal(["Expected: 1", "", "Received: \uFFFD2"], SafeText.Lines("\nExpected: \e[32m1\e[39m\r\n\r\nReceived: \b2\n"));

    [Theory]
    [InlineData("    one two three", 16, "    one two|    three")]
    [InlineData("    averyveryverylongword", 20, "    averyveryverylon|    gword")]
    [InlineData("short", 20, "short")]
    public void Wrap_LongLine_StaysWithinWidthAndIndented(string line, int width, string expected) =>
        Assert.Equal(expected.Split('|'), TextForm.Wrap(line, width));

    [Theory]
    [InlineData(0, "0.0s")]
    [InlineData(9.96, "10.0s")]
    [InlineData(59.9, "59s")]
    [InlineData(65, "1m 05s")]
    [InlineData(7200, "2h 00m")]
    [InlineData(400000, "4d")]
    public void Duration_AnyLength_IsShort(double seconds, string expected) => Assert.Equal(expected, TextForm.Duration(TimeSpan.FromSeconds(seconds)));
}
