using QualGent.Cli.Tests.Fixtures;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Hooks;

/// <summary><c>qgjob hook</c> against the real API.</summary>
public sealed class HookCommandTests(Deployment system) : IClassFixture<Deployment>
{
    [Fact]
    public async Task Hook_AddedListedCalledAndRemoved_ShowsItsKeyOnce()
    {
        Assert.Contains("There is no hook", (await system.RunAsync("hook", "list", "--org-id=hooks")).Error, StringComparison.Ordinal);
        var added = await system.RunAsync("hook", "add", "http://localhost:9/hook", "--org-id=hooks", "--event=job_ended", "--event=run_ended");
        Assert.Equal(0, added.ExitCode);
        Assert.Contains("not https", added.Error, StringComparison.Ordinal);
        var (hook, key) = (added.Out.Split(' ')[0], added.Out.Trim().Split(' ')[^1]);
        Assert.StartsWith("whsec_", key, StringComparison.Ordinal);
        Assert.Contains("Nothing was delivered", (await system.RunAsync("hook", "deliveries", hook, "--org-id=hooks")).Error, StringComparison.Ordinal);

        await system.RunAsync("submit", "--org-id=hooks", "--app-version-id=v1", "--test=a.spec.js", "--target=simulated", "--no-bundle", "--wait");

        var deliveries = await Eventually.GetAsync(() => system.RunAsync("hook", "deliveries", hook, "--org-id=hooks"), outcome => outcome.Out.Contains("run_", StringComparison.Ordinal) && outcome.Out.Contains("job_", StringComparison.Ordinal), "both ends in the log", TestContext.Current.CancellationToken);
        Assert.Matches(@"ago +run_\w+ +1 +\d.* again.* localhost is .*no public address", deliveries.Out);
        var list = await system.RunAsync("hook", "list", "--org-id=hooks");
        Assert.Matches($@"{hook} +job_ended run_ended +2 +0 +http://localhost:9/hook", list.Out);
        Assert.All([deliveries.Out, list.Out, (await system.RunAsync("hook", "list", "--org-id=hooks", "--json")).Out], text => Assert.DoesNotContain(key, text, StringComparison.Ordinal));
        Assert.Equal(0, (await system.RunAsync("hook", "remove", hook, "--org-id=hooks")).ExitCode);
        var gone = await system.RunAsync("hook", "remove", hook, "--org-id=hooks");
        Assert.Equal(3, gone.ExitCode);
        Assert.Contains("no such hook", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_WithAGivenKey_ReadsItFromAFile_AndRefusesABadOne()
    {
        using var folder = new TempProject("good", "bad");
        await File.WriteAllTextAsync(folder["good"], HookSecret.New() + "\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["bad"], "hunter2", TestContext.Current.CancellationToken);

        var good = await system.RunAsync("hook", "add", "https://example.com/hook", "--org-id=given", "--secret-file=" + folder["good"]);
        var bad = await system.RunAsync("hook", "add", "https://example.com/hook", "--org-id=given", "--secret-file=" + folder["bad"]);
        var missing = await system.RunAsync("hook", "add", "https://example.com/hook", "--org-id=given", "--secret-file=" + folder["bad"] + "x");
        var url = await system.RunAsync("hook", "add", "example.com", "--org-id=given");

        Assert.Equal((0, 2, 2, 2), (good.ExitCode, bad.ExitCode, missing.ExitCode, url.ExitCode));
        Assert.Contains((await File.ReadAllTextAsync(folder["good"], TestContext.Current.CancellationToken)).Trim(), good.Out, StringComparison.Ordinal);
        Assert.Contains("The key in --secret-file must be 'whsec_'", bad.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", bad.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be read", missing.Error, StringComparison.Ordinal);
        Assert.Contains("begins with https://", url.Error, StringComparison.Ordinal);
    }
}
