using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.History;

/// <summary><c>qgjob test</c> against the real system.</summary>
public sealed class TestCommandTests(Deployment system) : IClassFixture<Deployment>
{
    [Fact]
    public async Task Quarantine_OfAFailingTest_TurnsItsRunGreenAndIsPrinted()
    {
        string[] org = ["--org-id=careful"];
        Assert.Contains("No test has run", (await system.RunAsync(["test", "list", .. org])).Error, StringComparison.Ordinal);
        var red = await SubmitAsync();
        var put = await system.RunAsync(["test", "quarantine", "tests/fail.spec.ts", "--reason=see 17", .. org]);
        var green = await SubmitAsync();

        Assert.Equal((1, 0, 0), (red.ExitCode, put.ExitCode, green.ExitCode));
        Assert.DoesNotContain("quarantine", red.Out, StringComparison.Ordinal);
        Assert.Contains("Not counted, in quarantine: tests/fail.spec.ts (failed)", green.Out, StringComparison.Ordinal);
        Assert.Matches("tests/fail.spec.ts +.* ago +see 17", (await system.RunAsync(["test", "quarantined", .. org])).Out);
        var listed = (await system.RunAsync(["test", "list", .. org])).Out;
        Assert.Matches(@"tests/fail.spec.ts \(in quarantine\) +0 % +0 % +2 ", listed);
        Assert.Matches(@"LAST FAILURE OF[^\n]*\ntests/fail.spec.ts +assertion +\d+s ago +job_", listed);
        Assert.Matches(@"tests/ok.spec.ts +100 % +0 % +2 ", listed);

        Assert.Equal(0, (await system.RunAsync(["test", "release", "tests/fail.spec.ts", .. org])).ExitCode);
        Assert.Equal(1, (await SubmitAsync()).ExitCode);
        Assert.Equal(3, (await system.RunAsync(["test", "release", "tests/fail.spec.ts", .. org])).ExitCode);

        Task<Outcome> SubmitAsync() => system.RunAsync(["submit", "--app-version-id=v1", "--target=simulated", "--attempts=1", "--no-bundle", "--test=tests/ok.spec.ts", "--test=tests/fail.spec.ts", "--wait", .. org]);
    }

    [Fact]
    public async Task List_OfFlakyTests_SaysWhenThereAreNone() =>
        Assert.Contains("No test passed after it had failed", (await system.RunAsync("test", "list", "--flaky", "--org-id=calm")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Quarantine_OfAPathThatIsNone_SaysWhatIsWrong()
    {
        var outcome = await system.RunAsync("test", "quarantine", "../x.spec.ts", "--org-id=careful");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("must be relative to the project folder", outcome.Error, StringComparison.Ordinal);
    }
}
