using QualGent.Contracts.Bundles;

namespace QualGent.Contracts.Tests.Bundles;

public sealed class BundleFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_InAWorkTree_IsWhatGitWouldCommit()
    {
        _folder.Write(".gitignore", "*.log\nsecret.env\n");
        _folder.Write("tests/tracked.spec.ts");
        _folder.Write("tests/gone.spec.ts");
        _folder.Write("tests/forced.log");
        _folder.Git("init", "-q");
        _folder.Git("add", "-f", ".");
        _folder.Git("commit", "-qm", "x");
        File.Delete(_folder.At("tests/gone.spec.ts"));
        _folder.Write("tests/new ü\n.spec.ts");
        _folder.Write("secret.env");
        _folder.Write("noise.log");
        _folder.Write("node_modules/a/index.js");
        Assert.Equal([".gitignore", "tests/forced.log", "tests/new ü\n.spec.ts", "tests/tracked.spec.ts"], List());
    }

    [Fact]
    public void List_BelowTheTopOfAWorkTree_IsOfTheFolderAlone()
    {
        _folder.Write(".gitignore", "dist\n");
        _folder.Write("other/a.ts");
        _folder.Write("e2e/b.ts");
        _folder.Write("e2e/dist/c.ts");
        _folder.Git("init", "-q");
        Assert.Equal(["b.ts"], BundleFiles.List(_folder.At("e2e"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void List_IncludeAndIgnore_AddAndRemove()
    {
        _folder.Write(".gitignore", "generated\n");
        _folder.Write(".qgjobinclude", "generated/*.ts\n");
        _folder.Write(".qgjobignore", "*.mp4\n");
        _folder.Write("a.ts");
        _folder.Write("demo.mp4");
        _folder.Write("generated/client.ts");
        _folder.Write("generated/large.bin");
        _folder.Write("generated/node_modules/x.ts");
        _folder.Git("init", "-q");
        Assert.Equal([".gitignore", ".qgjobignore", ".qgjobinclude", "a.ts", "generated/client.ts"], List());
    }

    [Fact]
    public void List_NestedRepository_GivesItsOwnFiles()
    {
        _folder.Write("a.ts");
        _folder.Write("shared/.gitignore", "out\n");
        _folder.Write("shared/b.ts");
        _folder.Write("shared/out/c.ts");
        _folder.Git("init", "-q");
        _folder.Git("init", "-q", "shared");
        Assert.Equal(["a.ts", "shared/.gitignore", "shared/b.ts"], List());
    }

    [Fact]
    public void List_WithoutGit_IsEverythingButWhatIsMadeAgain()
    {
        _folder.Write(".qgjobignore", "*.log\n");
        _folder.Write("tests/a.spec.ts");
        _folder.Write("tests/a.log");
        foreach (var never in (string[])["node_modules", "test-results", "playwright-report", "deep/node_modules"])
        {
            _folder.Write(never + "/x.js");
        }

        _folder.Link("tests/b.spec.ts", "a.spec.ts");
        _folder.Link("all", "tests");
        Assert.Equal([".qgjobignore", "all", "tests/a.spec.ts", "tests/b.spec.ts"], List());
    }

    /// <summary>Everything would be packed otherwise, what git ignores included.</summary>
    [Fact]
    public void List_GitThatFails_IsSaidAndNotWorkedAround()
    {
        _folder.Write(".git", "no repository");
        _folder.Write("secret.env");
        var e = Assert.Throws<BundleException>(List);
        Assert.Contains("git cannot say which files", e.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<string> List() => BundleFiles.List(_folder.Path, TestContext.Current.CancellationToken);
}
