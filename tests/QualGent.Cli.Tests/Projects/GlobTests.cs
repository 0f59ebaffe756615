using QualGent.Cli.Projects;

namespace QualGent.Cli.Tests.Projects;

public sealed class GlobTests
{
    [Theory]
    [InlineData("tests/*.spec.ts", "tests/a.spec.ts", true)]
    [InlineData("tests/*.spec.ts", "tests/x/a.spec.ts", false)]
    [InlineData("tests/**/*.spec.ts", "tests/a.spec.ts", true)]
    [InlineData("tests/**/*.spec.ts", "tests/x/y/a.spec.ts", true)]
    [InlineData("tests/**/*.spec.ts", "other/a.spec.ts", false)]
    [InlineData("**/a.spec.ts", "a.spec.ts", true)]
    [InlineData("tests/**", "tests/x/a.spec.ts", true)]
    [InlineData("**/x/**/a.ts", "t/x/y/a.ts", true)]
    [InlineData("**/x/**/a.ts", "t/y/a.ts", false)]
    [InlineData("tests/?.spec.ts", "tests/a.spec.ts", true)]
    [InlineData("tests/?.spec.ts", "tests/ab.spec.ts", false)]
    [InlineData("tests/*.spec.{ts,js}", "tests/a.spec.js", true)]
    [InlineData("tests/*.spec.{ts,js}", "tests/a.spec.mjs", false)]
    [InlineData("{a,b/{c,d}}/*.ts", "b/d/x.ts", true)]
    [InlineData("tests/*.SPEC.ts", "tests/a.spec.ts", false)]
    [InlineData("tests/{a.ts", "tests/{a.ts", true)]
    public void Matches_Pattern_AsShellsDo(string pattern, string path, bool matches) => Assert.Equal(matches, Glob.Parse(pattern).Matches(path));

    [Fact]
    public void Parse_ExplodingBraces_IsRefused() =>
        Assert.Equal(2, Assert.Throws<CliException>(() => Glob.Parse(string.Concat(Enumerable.Repeat("{a,b}", 40)))).ExitCode);
}
