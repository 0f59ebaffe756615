using System.Globalization;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary><c>kill -9</c> of every part in turn while a run is under way; in the end nothing is left on the machine.</summary>
public sealed class KillTests
{
    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Worker__Providers__Simulated__Duration"] = "00:00:00.300",
        ["Scheduling__LeaseDuration"] = "00:00:05",
        ["Scheduling__OutageAfter"] = "00:00:03",
    };

    [Fact]
    public async Task EveryPart_KilledWhileARunIsUnderWay_TheRunPassesAndNothingIsLost()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct, s_settings);
        var first = await stack.StartWorkerAsync("one", ct, simulatedDevices: 2);
        await stack.StartWorkerAsync("two", ct, simulatedDevices: 2);
        using var http = new HttpClient { BaseAddress = stack.ApiUrl };
        var client = new QualGentClient(http, TimeProvider.System);
        var submission = await client.SubmitRunAsync(
            new SubmitRunRequest
            {
                OrgId = "o",
                AppVersionId = "v",
                Target = Targets.Simulated,
                Tests = [.. Enumerable.Range(0, 120).Select(n => string.Create(CultureInfo.InvariantCulture, $"tests/{n}.spec.ts"))],
            },
            "once",
            ct);
        await using var watcher = stack.Qgjob("watch", submission.Run.Id);

        await PassedAsync(10);
        stack.Footprint.Look();
        await first.KillAsync(ct);
        await PassedAsync(30);
        await stack.Redis.KillAsync(ct);
        await stack.Redis.StartAgainAsync(ct);
        await PassedAsync(60);
        await stack.Api.KillAsync(ct);
        await stack.StartApiAsync(ct);
        await stack.StartWorkerAsync("one", ct, simulatedDevices: 2);
        await PassedAsync(120);

        Assert.Equal(0, await watcher.WaitForExitAsync(ct));
        var run = await client.GetRunAsync(submission.Run.Id, ct);
        Assert.Equal(RunVerdict.Passed, run.Verdict);
        Assert.Equal(new RunCounts(0, 0, 120, 0, 0, 0, 0), run.Counts);
        var jobs = await client.ListJobsAsync(new JobQuery { RunId = run.Id, Limit = Limits.PageSizeMax }, ct);
        Assert.All(jobs.Jobs, job => Assert.Equal(1, job.Attempts));
        await stack.EndAsync(ct);

        async Task PassedAsync(int count) => await Eventually.GetAsync(
            async () =>
            {
                try
                {
                    return (await client.GetRunAsync(submission.Run.Id, ct)).Counts.Passed;
                }
                catch (Exception e) when (e is ApiUnreachableException or ApiProblemException)
                {
                    return 0;
                }
            },
            passed => passed >= count,
            $"{count} jobs have passed",
            ct,
            TimeSpan.FromMinutes(3));
    }
}
