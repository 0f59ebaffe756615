using QualGent.Cli.Output;

namespace QualGent.Cli.Tests.Output;

public sealed class ScreenTests
{
    [Theory]
    [InlineData(true, "xterm", null, "\e[31mbad\e[0m", true)]
    [InlineData(true, "xterm", "1", "bad", true)]
    [InlineData(true, "dumb", null, "bad", false)]
    [InlineData(true, null, null, "bad", false)]
    [InlineData(false, "xterm", null, "bad", false)]
    public void Of_StreamAndEnvironment_ColoursAndRedrawsWhereItMay(bool isTerminal, string? term, string? noColour, string painted, bool canRedraw)
    {
        var screen = Screen.Of(TextWriter.Null, isTerminal, name => name switch { "TERM" => term, "NO_COLOR" => noColour, _ => null });
        Assert.Equal((painted, canRedraw), (screen.Paint("bad", Tone.Bad), screen.CanRedraw));
    }
}
