using QualGent.Contracts;
using QualGent.Worker.Batches;
using QualGent.Worker.TestCode;

namespace QualGent.Worker.Tests.TestCode;

public sealed class ToolVersionsTests : IDisposable
{
    private readonly TestFolder _project = new();

    [Theory]
    [InlineData("0.1.1", "1.59.1", "2.19.0")]
    [InlineData("0.1.46", "1.46.1", "2.0.0")]
    public void Check_VersionsThatWork_AreTaken(string appwright, string playwright, string appium)
    {
        Lock(appwright, playwright, appium);
        Assert.Null(Record.Exception(() => ToolVersions.Check(_project.Path)));
    }

    [Theory]
    [InlineData("0.0.33", "1.59.1", "2.19.0", "appwright 0.0.33")]
    [InlineData("0.1.1", "1.60.0", "2.19.0", "@playwright/test 1.60.0")]
    [InlineData("0.1.1", "1.60.0-beta.1", "2.19.0", "@playwright/test 1.60.0-beta.1")]
    [InlineData("0.1.1", "1.59.1", "3.0.0", "appium 3.0.0")]
    [InlineData("0.1.1", "1.59.1", null, "no appium")]
    public void Check_VersionThatCannotWork_SaysWhichAndWhatToWrite(string appwright, string playwright, string? appium, string named)
    {
        Lock(appwright, playwright, appium);
        var refused = Assert.Throws<BatchRefusedException>(() => ToolVersions.Check(_project.Path));
        Assert.Equal(VerdictCodes.UnsupportedVersion, refused.Verdict.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("npm install", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{ broken")]
    [InlineData("{}")]
    public void Check_NoUsableLockFile_SaysWhatToWrite(string? content)
    {
        if (content is not null)
        {
            _project.File("package-lock.json", content);
        }

        var refused = Assert.Throws<BatchRefusedException>(() => ToolVersions.Check(_project.Path));
        Assert.Equal(VerdictCodes.UnsupportedVersion, refused.Verdict.Code);
        Assert.Contains("commit", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _project.Dispose();

    private void Lock(string appwright, string playwright, string? appium)
    {
        var more = appium is null ? "" : $$""","node_modules/appium":{"version":"{{appium}}"}""";
        _project.File("package-lock.json", $$$"""{"packages":{"node_modules/appwright":{"version":"{{{appwright}}}"},"node_modules/@playwright/test":{"version":"{{{playwright}}}"}{{{more}}}}}""");
    }
}
