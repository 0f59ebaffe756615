namespace QualGent.Contracts.Tests.Artifacts;

public sealed class ArtifactNameTests
{
    [Theory]
    [InlineData("counts the notes", "counts-the-notes")]
    [InlineData("Übersicht: Notes #1", "Übersicht-Notes-1")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData("C:\\x", "C-x")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("\u202Etxt.exe\0", "txt.exe")]
    [InlineData("a very long name of an attachment that nobody would ever want to type again.png", "a-very-long-name-of-an-attachment-that-nobody-would-ever.png")]
    public void Part_OfAnyText_IsHarmless(string text, string part)
    {
        Assert.Equal(part, ArtifactName.Part(text));
        Assert.True(ArtifactName.IsSafe(ArtifactName.Part(text)));
    }

    [Theory]
    [InlineData("attempt-1/notes/screen.png", true)]
    [InlineData("attempt-1.2/log.txt.gz", true)]
    [InlineData("/etc/passwd", false)]
    [InlineData("attempt-1/../../x", false)]
    [InlineData("a//b", false)]
    [InlineData("a/./b", false)]
    [InlineData("a\\b", false)]
    [InlineData("C:/x", false)]
    [InlineData("a/nul", false)]
    [InlineData("a/b\n", false)]
    [InlineData("a/b.", false)]
    [InlineData("-rf", false)]
    [InlineData("1/2/3/4/5/6/7", false)]
    [InlineData("", false)]
    public void IsSafe_OfANameFromElsewhere_IsStrict(string name, bool safe) => Assert.Equal(safe, ArtifactName.IsSafe(name));
}
