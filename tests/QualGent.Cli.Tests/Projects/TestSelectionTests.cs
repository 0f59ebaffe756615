using QualGent.Cli.Projects;
using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.Projects;

public sealed class TestSelectionTests : IDisposable
{
    private readonly TempProject _project = new(
        "appwright.config.ts", "tests/login.spec.ts", "tests/pay.spec.ts", "tests/deep/more.spec.ts", "tests/odd{1}.spec.ts",
        "tests/helper.ts", "node_modules/x/bad.spec.ts", ".cache/bad.spec.ts");

    [Theory]
    [InlineData("tests/login.spec.ts", "tests/login.spec.ts")]
    [InlineData("tests/pay.spec.ts tests/login.spec.ts tests/pay.spec.ts", "tests/login.spec.ts tests/pay.spec.ts")]
    [InlineData("tests/*.spec.ts", "tests/login.spec.ts tests/odd{1}.spec.ts tests/pay.spec.ts")]
    [InlineData("**/*.spec.ts tests/login.spec.ts", "tests/deep/more.spec.ts tests/login.spec.ts tests/odd{1}.spec.ts tests/pay.spec.ts")]
    [InlineData("tests/odd{1}.spec.ts", "tests/odd{1}.spec.ts")]
    public void Expand_InProject_GivesSortedFilesOnce(string patterns, string expected) =>
        Assert.Equal(expected.Split(' '), Selection(_project.Root).Expand(patterns.Split(' ')));

    [Fact]
    public void Expand_PathSeenFromAFolderBelow_IsFound() =>
        Assert.Equal(["tests/login.spec.ts"], Selection(_project["tests"]).Expand(["login.spec.ts"]));

    [Theory]
    [InlineData("tests/lgoin.spec.ts", "Did you mean tests/login.spec.ts")]
    [InlineData("pay.spec.ts", "Did you mean tests/pay.spec.ts")]
    [InlineData("tests/unheard-of.spec.ts", "The project has no file that looks like it.")]
    [InlineData("tests/**/*.test.ts", "No test matches 'tests/**/*.test.ts'")]
    [InlineData("tests", "It is a folder; write --test='tests/**/*.spec.ts'")]
    public void Expand_NoMatch_EndsWithThreeAndNearMisses(string pattern, string text)
    {
        var e = Assert.Throws<CliException>(() => Selection(_project.Root).Expand(["tests/login.spec.ts", pattern]));
        Assert.Equal(3, e.ExitCode);
        Assert.Contains(text, string.Join('\n', e.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Expand_WithoutProject_LeavesAPathToTheAgentAndRefusesAPattern()
    {
        var selection = new TestSelection(project: null, _project.Root);
        Assert.Equal(["tests/x.spec.js"], selection.Expand(["tests/x.spec.js"]));
        var e = Assert.Throws<CliException>(() => selection.Expand(["tests/*.spec.js"]));
        Assert.Equal(3, e.ExitCode);
        Assert.Contains("--project-dir", e.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Expand_LinkToAFolderAbove_EndsAndStaysInside()
    {
        Directory.CreateSymbolicLink(_project["tests/loop"], _project.Root);
        Assert.DoesNotContain(Selection(_project.Root).Expand(["**/*.spec.ts"]), path => path.Contains("loop", StringComparison.Ordinal));
    }

    [Fact]
    public void Find_Project_IsTheNearestFolderWithAConfiguration()
    {
        Assert.Equal(_project.Root, ProjectFolder.Find(null, _project["tests/deep"]));
        Assert.Equal(_project.Root, ProjectFolder.Find(".", _project.Root));
        Assert.Equal(2, Assert.Throws<CliException>(() => ProjectFolder.Find("tests", _project.Root)).ExitCode);
    }

    public void Dispose() => _project.Dispose();

    private TestSelection Selection(string current) => new(_project.Root, current);
}
