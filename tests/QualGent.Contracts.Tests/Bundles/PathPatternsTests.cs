using QualGent.Contracts.Bundles;

namespace QualGent.Contracts.Tests.Bundles;

public sealed class PathPatternsTests
{
    [Theory]
    [InlineData("*.mp4", "a.mp4", true)]
    [InlineData("*.mp4", "x/y/a.mp4", true)]
    [InlineData("*.mp4", "a.mp4x", false)]
    [InlineData("videos", "x/videos/a.ts", true)]
    [InlineData("videos/", "videos/deep/a.ts", true)]
    [InlineData("/videos", "x/videos/a.ts", false)]
    [InlineData("data/*.json", "data/a.json", true)]
    [InlineData("data/*.json", "data/x/a.json", false)]
    [InlineData("data/*.json", "x/data/a.json", false)]
    [InlineData("data/**/*.json", "data/a.json", true)]
    [InlineData("data/**/*.json", "data/x/y/a.json", true)]
    [InlineData("**/tmp/*", "x/y/tmp/a", true)]
    [InlineData("data", "data2/a", false)]
    [InlineData("?.ts", "ab.ts", false)]
    [InlineData("# *.ts", "a.ts", false)]
    [InlineData("A.ts", "a.ts", false)]
    public void Matches_Pattern_AsGitignoreWould(string pattern, string path, bool expected)
    {
        using var folder = new TempFolder();
        Assert.Equal(expected, PathPatterns.Read(folder.Write("patterns", $"\n{pattern}\n")).Matches(path));
    }

    [Fact]
    public void Read_Negation_IsRefusedWithAWayOut()
    {
        using var folder = new TempFolder();
        var e = Assert.Throws<BundleException>(() => PathPatterns.Read(folder.Write(".qgjobignore", "*.ts\n!keep.ts\n")));
        Assert.Contains(".qgjobignore: '!keep.ts'", e.Message, StringComparison.Ordinal);
        Assert.Contains(".qgjobinclude", e.Message, StringComparison.Ordinal);
    }
}
