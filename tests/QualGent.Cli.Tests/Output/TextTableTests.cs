using QualGent.Cli.Output;

namespace QualGent.Cli.Tests.Output;

public sealed class TextTableTests
{
    [Theory]
    [InlineData(60, "id-1  tests/checkout/login.spec.ts  android, os=14  3m")]
    [InlineData(45, "id-1  …ut/login.spec.ts  android, os=14  3m")]
    [InlineData(40, "id-1  …gin.spec.ts  android, os=14  3m")]
    [InlineData(39, "id-1  …gin.spec.ts  android, os=…  3m")]
    [InlineData(10, "id-1  …gin.spec.ts  android, os…  3m")]
    public void Write_OnATerminal_CutsOneColumnAfterTheOther(int columns, string row) => Assert.Equal(row, Write(isTerminal: true, columns)[1]);

    [Fact]
    public void Write_IntoAPipe_CutsNothing() => Assert.Equal("id-1  tests/checkout/login.spec.ts  android, os=14  3m", Write(isTerminal: false, columns: 10)[1]);

    private static string[] Write(bool isTerminal, int columns)
    {
        using var text = new StringWriter();
        var table = new TextTable(1, "ID", "TEST", "SERVES", "AGE") { Then = [2] };
        table.Add(("id-1", Tone.Plain), ("tests/checkout/login.spec.ts", Tone.Plain), ("android, os=14", Tone.Plain), ("3m", Tone.Plain));
        table.Write(new Screen(text, isTerminal, Colours: false) { CanRedraw = false, Columns = () => columns });
        return text.ToString().Split('\n');
    }
}
