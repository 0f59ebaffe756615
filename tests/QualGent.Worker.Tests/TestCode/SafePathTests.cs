using QualGent.Worker.TestCode;

namespace QualGent.Worker.Tests.TestCode;

public sealed class SafePathTests : IDisposable
{
    private readonly TestFolder _outside = new();
    private readonly TestFolder _root = new();

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("a/../../secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("")]
    [InlineData("a\\..\\b")]
    [InlineData("a\0b")]
    public void Resolve_TextThatLeavesOrHides_IsRefused(string path) => Assert.Null(SafePath.Resolve(_root.Path, path));

    [Fact]
    public void Resolve_LinkOutOfTheFolder_IsRefused()
    {
        var secret = _outside.File("secret.txt", "secret");
        File.CreateSymbolicLink(Path.Combine(_root.Path, "file"), secret);
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "folder"), _outside.Path);
        Assert.Null(SafePath.Resolve(_root.Path, "file"));
        Assert.Null(SafePath.Resolve(_root.Path, "folder/secret.txt"));
    }

    [Fact]
    public void Resolve_LinkInsideTheFolder_LeadsToTheRealFile()
    {
        var real = _root.File("real/a.spec.ts", "a");
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "alias"), Path.Combine(_root.Path, "real"));
        Assert.Equal(real, SafePath.Resolve(_root.Path, "alias/a.spec.ts"));
    }

    [Fact]
    public void Resolve_SiblingWithTheSamePrefix_IsRefused()
    {
        var sibling = Directory.CreateDirectory(_root.Path + "-other");
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(_root.Path, "x"), sibling.FullName);
            Assert.Null(SafePath.Resolve(_root.Path, "x"));
        }
        finally
        {
            sibling.Delete(recursive: true);
        }
    }

    public void Dispose()
    {
        _root.Dispose();
        _outside.Dispose();
    }
}
