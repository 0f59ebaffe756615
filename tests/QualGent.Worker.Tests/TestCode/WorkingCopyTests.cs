using QualGent.Worker.TestCode;

namespace QualGent.Worker.Tests.TestCode;

public sealed class WorkingCopyTests : IDisposable
{
    private readonly TestFolder _source = new();
    private readonly TestFolder _copy = new();
    private readonly TestFolder _dependencies = new();

    [Fact]
    public async Task SyncAsync_ChangedAndAddedAndLeftBehind_CopyEqualsTheSourceAgain()
    {
        _dependencies.File("node_modules/appwright/package.json", "{}");
        _source.File("tests/a.spec.ts", "one");
        _source.File("tests/gone.spec.ts", "gone");
        _source.File("node_modules/appwright/package.json", "not copied");
        await SyncAsync();
        File.Delete(Path.Combine(_source.Path, "tests/gone.spec.ts"));
        _source.File("tests/a.spec.ts", "two");
        _source.File("tests/new.spec.ts", "new");
        _copy.File("tests/left/behind.png", "by a test");
        await SyncAsync();
        Assert.Equal(
            ["tests/a.spec.ts=two", "tests/new.spec.ts=new"],
            Directory.EnumerateFiles(_copy.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
                .Select(file => $"{Path.GetRelativePath(_copy.Path, file)}={File.ReadAllText(file)}").Order());
        Assert.Equal("{}", await File.ReadAllTextAsync(Path.Combine(_copy.Path, "node_modules/appwright/package.json"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Path.Combine(_copy.Path, "tests/left")));
    }

    [Fact]
    public async Task SyncAsync_LinkOutOfTheProject_IsNoPartOfTheCopy()
    {
        var secret = _dependencies.File("secret.txt", "secret");
        _source.File("a.spec.ts", "a");
        File.CreateSymbolicLink(Path.Combine(_source.Path, "stolen.txt"), secret);
        await SyncAsync();
        Assert.False(File.Exists(Path.Combine(_copy.Path, "stolen.txt")));
    }

    [Fact]
    public async Task SyncAsync_TestReplacedAFileByALink_LinkTargetIsNotWritten()
    {
        var victim = _dependencies.File("victim.txt", "untouched");
        _source.File("a.spec.ts", "a");
        await SyncAsync();
        var copied = Path.Combine(_copy.Path, "a.spec.ts");
        File.Delete(copied);
        File.CreateSymbolicLink(copied, victim);
        await SyncAsync();
        Assert.Equal("untouched", await File.ReadAllTextAsync(victim, TestContext.Current.CancellationToken));
        Assert.Equal("a", await File.ReadAllTextAsync(copied, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TakeAsync_SameContentElsewhere_HasTheSameDigestAndAChangeHasAnother()
    {
        _source.File("b/x.ts", "x");
        _copy.File("b/x.ts", "x");
        var first = await FolderSnapshot.TakeAsync(_source.Path, TestContext.Current.CancellationToken);
        var second = await FolderSnapshot.TakeAsync(_copy.Path, TestContext.Current.CancellationToken);
        _copy.File("b/x.ts", "y");
        var third = await FolderSnapshot.TakeAsync(_copy.Path, TestContext.Current.CancellationToken);
        Assert.Equal(first.Digest, second.Digest);
        Assert.NotEqual(first.Digest, third.Digest);
    }

    public void Dispose()
    {
        _source.Dispose();
        _copy.Dispose();
        _dependencies.Dispose();
    }

    private async Task SyncAsync()
    {
        var snapshot = await FolderSnapshot.TakeAsync(_source.Path, TestContext.Current.CancellationToken);
        await new WorkingCopy(_copy.Path).SyncAsync(snapshot, _dependencies.Path, TestContext.Current.CancellationToken);
    }
}
