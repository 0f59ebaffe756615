using System.Text.RegularExpressions;
using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.Jobs;

/// <summary><c>qgjob submit --dedup</c>, and a queue that takes no more, against the real system.</summary>
public sealed partial class DedupTests(Deployment system) : IClassFixture<Deployment>
{
    private static readonly string[] s_submit = ["submit", "--org-id=twice", "--app-version-id=v1", "--target=device"];

    [Fact]
    public async Task Submit_WhatIsUnderWay_SaysToWhatItIsAttached()
    {
        using var project = new TempProject("appwright.config.ts", "package.json", "tests/a.spec.ts", "tests/b.spec.ts");
        string[] submit = [.. s_submit, "--dedup=in_flight", "--api-url=" + system.Url];
        var first = await Qgjob.RunAsync([.. submit, "--test=tests/a.spec.ts"], project.Root);
        Assert.Equal(0, first.ExitCode);
        var job = JobId().Match(first.Out).Value;

        var second = await Qgjob.RunAsync([.. submit, "--test=tests/*.spec.ts"], project.Root);

        Assert.Equal(0, second.ExitCode);
        Assert.Matches($"job_[0-9a-z]{{20}}_0  attached  tests/a.spec.ts  to {job}\njob_[0-9a-z]{{20}}_1  queued  tests/b.spec.ts\n", second.Out);
        Assert.Contains($"1 of 2 tests is under way already and did not have to be queued:\n  tests/a.spec.ts is attached to {job} of run_{job[4..24]}\n", second.Error, StringComparison.Ordinal);
        Assert.Contains($"attached   to {job}", (await system.RunAsync("status", JobId().Match(second.Out).Value)).Out, StringComparison.Ordinal);
        var json = await Qgjob.RunAsync([.. submit, "--test=tests/a.spec.ts", "--json"], project.Root);
        Assert.Contains($"\"attached_to\": \"{job}\"", json.Out, StringComparison.Ordinal);

        project.Write("tests/a.spec.ts", "changed");
        Assert.DoesNotContain("attached", (await Qgjob.RunAsync([.. submit, "--test=tests/a.spec.ts"], project.Root)).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dedup needs a bundle", "--dedup=in_flight", "--no-bundle")]
    [InlineData("--dedup does not go with not_before", "--dedup=in_flight", "--not-before=2026-11-22T20:00:00Z")]
    [InlineData("--dedup 'always' is unknown; use one of in_flight", "--dedup=always")]
    public async Task Submit_DedupThatCannotBe_IsRefusedBeforeAnythingIsSent(string message, params string[] options)
    {
        using var project = new TempProject("appwright.config.ts", "tests/a.spec.ts");
        var outcome = await Qgjob.RunAsync([.. s_submit, .. options, "--test=tests/a.spec.ts", "--api-url=http://127.0.0.1:1"], project.Root);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_MoreThanTheOrganisationMayQueue_EndsWithEight()
    {
        using var http = new HttpClient();
        using var change = new StringContent("""{"queued_max":1}""", System.Text.Encoding.UTF8, "application/json");
        (await http.PatchAsync(new Uri(system.Url + "/v1/orgs/small"), change, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var outcome = await system.RunAsync("submit", "--org-id=small", "--app-version-id=v1", "--target=device", "--test", "a.spec.js", "b.spec.js");

        Assert.Equal((8, ""), (outcome.ExitCode, outcome.Out));
        Assert.StartsWith("qgjob: The queue is full\n  Nothing was stored: the organisation", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("small", (await system.RunAsync("list", "--org-id=small")).Out, StringComparison.Ordinal);
    }

    [GeneratedRegex("job_[0-9a-z]{20}_[0-9]+")]
    private static partial Regex JobId();
}
