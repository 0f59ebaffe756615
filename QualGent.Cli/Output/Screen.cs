namespace QualGent.Cli.Output;

/// <summary>Meaning of a piece of text; a colour on terminals that want colours.</summary>
internal enum Tone
{
    Plain,
    Good,
    Bad,
    Warning,
    Active,
    Faint,
    Strong,
}

/// <summary>One output stream and what it can show.</summary>
internal sealed record Screen(TextWriter Writer, bool IsTerminal, bool Colours)
{
    private const int DefaultWidth = 80;

    /// <summary>Columns to stay within; null when nobody looks at columns, e.g. in a pipe.</summary>
    public int? Width => !IsTerminal ? null : Columns() is > 0 and var width ? width : DefaultWidth;

    /// <summary>Columns of the terminal, 0 while unknown.</summary>
    public Func<int> Columns { get; init; } = () => Console.WindowWidth;

    /// <summary>Whether lines can be drawn over.</summary>
    public required bool CanRedraw { get; init; }

    /// <summary>Colours need a terminal and no <c>NO_COLOR</c> (see no-color.org); a dumb terminal cannot redraw either.</summary>
    public static Screen Of(TextWriter writer, bool isTerminal, Func<string, string?> variable)
    {
        var capable = isTerminal && variable("TERM") is not (null or "dumb");
        return new Screen(writer, isTerminal, capable && variable("NO_COLOR") is null) { CanRedraw = capable };
    }

    public void Line(string text = "") => Writer.WriteLine(text);

    /// <summary>One line of any length, on a terminal broken at blanks; what follows the first piece keeps its indentation.</summary>
    public void Wrapped(string text, Tone tone = Tone.Plain)
    {
        foreach (var line in TextForm.Wrap(text, Width - 1))
        {
            Line(Paint(line, tone));
        }
    }

    public string Paint(string text, Tone tone)
    {
        var code = tone switch
        {
            Tone.Good => "32",
            Tone.Bad => "31",
            Tone.Warning => "33",
            Tone.Active => "36",
            Tone.Faint => "2",
            Tone.Strong => "1",
            _ => null,
        };
        return code is null || !Colours ? text : $"\e[{code}m{text}\e[0m";
    }
}
