using System.Text.Json;
using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.Projects;

/// <summary>A project's way to the real API.</summary>
public sealed class ProjectBundleTests(Deployment system) : IClassFixture<Deployment>
{
    private static readonly string[] s_submit = ["submit", "--org-id=bundles", "--app-version-id=v1", "--target=simulated", "--test=tests/a.spec.ts"];

    [Fact]
    public async Task Submit_FromAProject_UploadsItOnceAndNamesItsDigest()
    {
        using var project = NewProject();
        var first = await SubmitAsync(project, "--wait", "--json");
        Assert.Equal(0, first.ExitCode);
        Assert.Matches(@"^Bundle [0-9a-f]{12}: 2 files, 0\.0 MB, uploaded\.\n", first.Error);
        var digest = JsonDocument.Parse(first.Out).RootElement.GetProperty("jobs")[0].GetProperty("bundle").GetString()!;
        Assert.StartsWith(digest[..12], first.Error["Bundle ".Length..], StringComparison.Ordinal);

        var second = await SubmitAsync(project, "--json");
        Assert.Equal(digest, JsonDocument.Parse(second.Out).RootElement.GetProperty("job").GetProperty("bundle").GetString());
        Assert.Contains("already there.", second.Error, StringComparison.Ordinal);

        project.Write("tests/a.spec.ts", "changed");
        var third = await SubmitAsync(project, "--json", "--name=a run");
        Assert.NotEqual(digest, JsonDocument.Parse(third.Out).RootElement.GetProperty("run").GetProperty("bundle").GetString());
        Assert.Contains("uploaded.", third.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WithoutBundle_SendsNothingButThePath()
    {
        using var project = NewProject();
        var outcome = await SubmitAsync(project, "--no-bundle", "--json");
        Assert.Equal(0, outcome.ExitCode);
        Assert.DoesNotContain("Bundle", outcome.Error, StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(outcome.Out).RootElement.GetProperty("job").TryGetProperty("bundle", out _));
    }

    [Theory]
    [InlineData("a.spec.ts", "The bundle would lack tests/a.spec.ts:")]
    [InlineData("appwright.config.*", "The bundle would lack appwright.config:")]
    [InlineData("!tests", ".qgjobignore: '!tests' begins with '!'")]
    public async Task Submit_ProjectThatCannotTravel_SaysWhatToDoAndSubmitsNothing(string ignored, string message)
    {
        using var project = NewProject().Write(".qgjobignore", ignored);
        var outcome = await SubmitAsync(project, "--name=never");
        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("--no-bundle", outcome.Error, StringComparison.Ordinal);
    }

    private static TempProject NewProject() => new TempProject("appwright.config.ts", "node_modules/left/at-home.js").Write("tests/a.spec.ts", Guid.NewGuid().ToString());

    private Task<Outcome> SubmitAsync(TempProject project, params string[] more) => Qgjob.RunAsync([.. s_submit, .. more, "--api-url=" + system.Url], project.Root);
}
