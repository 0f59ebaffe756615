using QualGent.Contracts;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Tests.Logs;

public sealed class PlainLineTests
{
    [Theory]
    [InlineData("\e[31mred\e[0m and \e[1;32mgreen\e[K", "red and green")]
    [InlineData("\e]0;a title\aafter", "after")]
    [InlineData("\e]8;;http://x\e\\link\e]8;;\e\\", "link")]
    [InlineData("\eP1;2q…\e\\shown", "shown")]
    [InlineData("\e]52;c;never ended", "")]
    [InlineData("a\tb\r\0\a\b\u009bc", "a\tbc")]
    [InlineData("abc\u202Edef\u2066", "abcdef")]
    [InlineData("✓ 1 [android] › notes — ärger", "✓ 1 [android] › notes — ärger")]
    public void Strip_LeavesTextOnly(string line, string expected) => Assert.Equal(expected, PlainLine.Strip(line));

    [Fact]
    public void Cut_OfALongLine_KeepsItsBeginning()
    {
        Assert.Equal("short", PlainLine.Cut("short"));
        var cut = PlainLine.Cut(new string('x', 5_000));
        Assert.Equal((Limits.LogLineLength, '…'), (cut.Length, cut[^1]));
    }
}
