using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.EndToEnd.Tests;

/// <summary>What the README promises, with genuine AppWright on two virtual phones.</summary>
[Trait("Category", "AppWright")]
public sealed class FirstLightTests
{
    private static readonly string[] s_versions = ["notes-1.0.0", "notes-1.1.0"];

    [Fact]
    public async Task Submit_SixSpecsOverTwoVersions_TwoInstallsTwoProcessesAndThenNoInstall()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        await stack.StartWorkerAsync("phones", ct, virtualDevices: 2);

        var cold = await SubmitBothAsync(stack, ct);
        Assert.Equal(6, cold.Count);
        Assert.All(cold, job => Assert.Equal(JobStatus.Passed, job.Status));
        Assert.Equal(2, cold.Count(job => job.Installed == true));
        Assert.Equal(2, cold.Select(job => job.BatchId).Distinct().Count());
        Assert.Equal(2, cold.Select(job => job.DeviceId).Distinct().Count());
        Assert.All(cold, job => Assert.Equal("virtual", job.Provider));

        var warm = await SubmitBothAsync(stack, ct);
        Assert.All(warm, job => Assert.Equal(JobStatus.Passed, job.Status));
        Assert.Equal(0, warm.Count(job => job.Installed == true));
        await stack.EndAsync(ct);
    }

    [Fact]
    public async Task Submit_LiteralCommandsOfTheChallenge_Work()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        await stack.StartWorkerAsync("phone", ct, virtualDevices: 1);

        var (submitted, _) = await stack.RunQgjobAsync(ct, "submit", "--org-id=qualgent", "--app-version-id=xyz123", "--test=tests/onboarding.spec.js");
        Assert.Equal(0, submitted);
        var (listed, listing) = await stack.RunQgjobAsync(ct, "list", "--json");
        Assert.Equal(0, listed);
        var job = Assert.Single(JsonSerializer.Deserialize(listing, ContractsJson.Default.JobPage)!.Jobs);
        var (watched, _) = await stack.RunQgjobAsync(ct, "watch", job.Id);
        Assert.Equal(0, watched);
        var (asked, status) = await stack.RunQgjobAsync(ct, "status", $"--job-id={job.Id}");
        Assert.Equal(0, asked);
        Assert.Contains("passed", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_AFailingSpecAmongPassingOnes_ExitsOneAndShowsTheAssertion()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        await stack.StartWorkerAsync("phone", ct, virtualDevices: 1);

        var (exitCode, output) = await stack.RunQgjobAsync(
            ct, "submit", "--org-id", "qualgent", "--app-version-id", "notes-1.0.0", "--test", "tests/notes.spec.ts", "tests-faults/fails.spec.ts", "--attempts", "1", "--wait");
        Assert.Equal(1, exitCode);
        Assert.Contains("2 tests: 1 passed, 1 failed", output, StringComparison.Ordinal);
        Assert.Contains("Expected", output, StringComparison.Ordinal);
        Assert.Contains("Received", output, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<JobView>> SubmitBothAsync(Stack stack, CancellationToken ct)
    {
        var runs = await Task.WhenAll(s_versions.Select(version => stack.RunQgjobAsync(ct, "submit", "--org-id", "qualgent", "--app-version-id", version, "--test", "tests/*.spec.*", "--wait", "--json")));
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Output));
        return [.. runs.SelectMany(run => JobsOf(run.Output))];
    }

    // {"run":{…},"jobs":[…]} is the last thing printed; progress lines on the other stream come before it.
    private static IReadOnlyList<JobView> JobsOf(string output)
    {
        using var document = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        return document.RootElement.GetProperty("jobs").Deserialize(ContractsJson.Default.IReadOnlyListJobView)!;
    }
}
