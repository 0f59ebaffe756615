using System.Globalization;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary>What genuine AppWright prints, from the test to the reader.</summary>
[Trait("Category", "AppWright")]
public sealed class LogTests
{
    [Fact]
    public async Task Logs_FollowedWhileATestRuns_ShowItsLinesBeforeItEndsAndNothingOfItsMates()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        using var http = new HttpClient { BaseAddress = stack.ApiUrl };
        var client = new QualGentClient(http, TimeProvider.System);
        var submitted = await client.SubmitRunAsync(
            new SubmitRunRequest { OrgId = "qualgent", AppVersionId = "notes-1.0.0", Tests = ["tests/notes.spec.ts", "tests-faults/slow.spec.ts"], AttemptsMax = 1 }, "logs", ct);
        var slow = submitted.JobIds[1];
        await using var logs = stack.Qgjob("logs", "--job-id", slow, "-f");
        var lags = LagsAsync(client, slow, ct);
        await stack.StartWorkerAsync("phone", ct, virtualDevices: 1);

        await Eventually.HoldsAsync(() => logs.Output.Contains("step 0", StringComparison.Ordinal), "the first line of the test is shown", ct, TimeSpan.FromMinutes(6));
        Assert.Equal(JobStatus.Running, (await client.GetJobAsync(slow, ct)).Status);
        Assert.False(logs.HasExited);

        Assert.Equal(0, await logs.WaitForExitAsync(ct));
        Assert.Equal(Enumerable.Range(0, 20).Select(step => $"step {step}"), logs.Output.Split('\n').Where(line => line.StartsWith("step ", StringComparison.Ordinal)));
        // Half of them, because a machine may be busy for a moment.
        var shown = await lags;
        Assert.Equal(20, shown.Count);
        Assert.InRange(shown.Order().ElementAt(shown.Count / 2), 0, 500);
        Assert.Contains("takes its time", logs.Output, StringComparison.Ordinal);
        var (exitCode, mate) = await stack.RunQgjobAsync(ct, "logs", submitted.JobIds[0]);
        Assert.Equal(0, exitCode);
        Assert.Contains("notes.spec.ts", mate, StringComparison.Ordinal);
        Assert.DoesNotContain("step ", mate, StringComparison.Ordinal);
        await stack.EndAsync(ct);
    }

    // Milliseconds from the test's print to the follower, by the clock of this machine.
    private static async Task<List<double>> LagsAsync(QualGentClient client, string jobId, CancellationToken cancellationToken)
    {
        const string Mark = "printed at ";
        var lags = new List<double>();
        await foreach (var chunk in new LogFollower(client, TimeProvider.System).FollowAsync(new LogQuery(jobId, null, Follow: true), cancellationToken))
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            lags.AddRange(chunk.Lines.Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => (double)(now - long.Parse(line[Mark.Length..], CultureInfo.InvariantCulture))));
        }

        return lags;
    }
}
