using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Worker.Tests.Agent;

/// <summary>Real agents on a real Redis; only the tests are made up.</summary>
public sealed class SimulatedAgentTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private Pool? _pool;

    private Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync(TimeSpan.FromSeconds(4));

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Agent_RunOfEveryOutcome_EachJobGetsItsVerdictWithEvidence()
    {
        await using var worker = await StartAsync("one");
        var jobs = await Pool.EndAsync(await Pool.SubmitAsync(["tests/a.spec.ts", "tests/fail.spec.ts", "tests/flaky.spec.ts", "tests/error.spec.ts"], attempts: 2));
        Assert.Equal([JobStatus.Passed, JobStatus.Failed, JobStatus.Passed, JobStatus.Errored], jobs.Select(job => job.Status));
        Assert.Equal([1, 2, 2, 2], jobs.Select(job => job.Attempts));
        Assert.Equal([false, false, true, false], jobs.Select(job => job.Flaky));
        Assert.All(jobs, job => Assert.Equal("simulated", job.Provider));
        Assert.Equal(VerdictCodes.Assertion, jobs[1].Code);
        Assert.Equal(0, await worker.StopAsync());
    }

    [Fact]
    public async Task Agent_TwoRunsOfOneBuild_InstallsOnce()
    {
        await using var worker = await StartAsync("one");
        var first = await Pool.EndAsync(await Pool.SubmitAsync(["a.spec.ts", "b.spec.ts"]));
        var second = await Pool.EndAsync(await Pool.SubmitAsync(["a.spec.ts", "b.spec.ts"]));
        Assert.Equal(1, first.Concat(second).Count(job => job.Installed == true));
    }

    [Fact]
    public async Task Agent_StoppedByRequest_GivesBackWhatHasNotBegunUncharged()
    {
        await using var worker = await StartAsync("one", ("Worker__Providers__Simulated__SlowDuration", "00:00:01"));
        var jobs = await Pool.SubmitAsync(["slow-1.spec.ts", "slow-2.spec.ts", "slow-3.spec.ts"]);
        await Pool.WaitAsync(jobs[0], job => job.Phase == JobPhase.Testing, "is being tested");
        Assert.Equal(0, await worker.StopAsync());
        Assert.Equal(JobStatus.Passed, (await Pool.GetAsync(jobs[0])).Status);
        var rest = await Pool.GetAsync(jobs[2]);
        Assert.Equal((JobStatus.Queued, 0), (rest.Status, rest.Attempts));
    }

    [Fact]
    public async Task Agent_JobCancelledWhileItRuns_EndsItAndItsMatesRunLater()
    {
        await using var worker = await StartAsync("one", ("Worker__Providers__Simulated__SlowDuration", "00:00:30"));
        var jobs = await Pool.SubmitAsync(["slow.spec.ts", "b.spec.ts"], attempts: 1);
        await Pool.WaitAsync(jobs[0], job => job.Phase == JobPhase.Testing, "is being tested");
        var started = TimeProvider.System.GetTimestamp();
        await Pool.Queue.CancelJobAsync(jobs[0], "no longer needed", TestContext.Current.CancellationToken);
        var ended = await Pool.EndAsync(jobs);
        Assert.Equal([JobStatus.Cancelled, JobStatus.Passed], ended.Select(job => job.Status));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(15), "The cancelled job ended long before it would have by itself.");
    }

    [Fact]
    public async Task Agent_KilledInTheMiddle_AnotherFinishesAndWhatWasFinishedDoesNotRunAgain()
    {
        await using var first = await StartAsync("one", ("Worker__Providers__Simulated__SlowDuration", "00:00:30"));
        var jobs = await Pool.SubmitAsync(["a.spec.ts", "slow.spec.ts", "z.spec.ts"]);
        await Pool.WaitAsync(jobs[1], job => job.Phase == JobPhase.Testing, "is being tested");
        var finished = await Pool.WaitAsync(jobs[0], job => job.Status == JobStatus.Passed, "has passed");
        await first.Process.KillAsync(TestContext.Current.CancellationToken);
        await using var second = await StartAsync("two", ("Worker__Providers__Simulated__SlowDuration", "00:00:00.1"));
        var ended = await Pool.EndAsync(jobs);
        Assert.All(ended, job => Assert.Equal((JobStatus.Passed, 1), (job.Status, job.Attempts)));
        Assert.Equal(finished.FinishedAt, ended[0].FinishedAt);
        Assert.NotEqual(ended[0].AgentId, ended[1].AgentId);
    }

    [Fact]
    public async Task Agent_FrozenBeyondItsLease_AnotherFinishesAndItsLateReportIsRefused()
    {
        await using var first = await StartAsync("one", ("Worker__Providers__Simulated__SlowDuration", "00:00:30"));
        var jobs = await Pool.SubmitAsync(["slow.spec.ts"]);
        await Pool.WaitAsync(jobs[0], job => job.Phase == JobPhase.Testing, "is being tested");
        await first.Process.SignalAsync("STOP", TestContext.Current.CancellationToken);
        await using var second = await StartAsync("two", ("Worker__Providers__Simulated__SlowDuration", "00:00:00.1"));
        var ended = Assert.Single(await Pool.EndAsync(jobs));
        await first.Process.SignalAsync("CONT", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => first.Process.Output.Contains(" refused: ", StringComparison.Ordinal), "the late report is refused", TestContext.Current.CancellationToken);
        var later = await Pool.GetAsync(jobs[0]);
        Assert.Equal((JobStatus.Passed, ended.AgentId, 1), (later.Status, later.AgentId, later.Attempts));
        await Eventually.HoldsAsync(() => Registrations(first) == 2, "the frozen agent registers again", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Agent_RedisAwayInTheMiddle_NoAttemptIsChargedAndNoResultIsLost()
    {
        await using var worker = await StartAsync("one", ("Worker__Providers__Simulated__SlowDuration", "00:00:01.5"));
        var jobs = await Pool.SubmitAsync(["slow-a.spec.ts", "slow-b.spec.ts", "slow-c.spec.ts", "slow-d.spec.ts"]);
        await Pool.WaitAsync(jobs[0], job => job.Phase == JobPhase.Testing, "is being tested");
        await Pool.Redis.KillAsync(TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System, TestContext.Current.CancellationToken); // Two leases.
        await Pool.Redis.StartAgainAsync(TestContext.Current.CancellationToken);
        var ended = await Pool.EndAsync(jobs);
        Assert.All(ended, job => Assert.Equal((JobStatus.Passed, 1, false, 0), (job.Status, job.Attempts, job.Flaky, job.InfrastructureLosses)));
        Assert.Equal(0, await worker.StopAsync());
    }

    [Fact]
    public async Task Agent_DeviceOwnedByALivingAgent_IsRefusedUntilThatOneLeaves()
    {
        await using var first = await StartAsync("one");
        await using var second = WorkerProcess.Start(Pool, _folder.Folder("second"), Settings("one"), out _);
        await Eventually.HoldsAsync(() => second.Process.Output.Contains("device_owned", StringComparison.Ordinal), "the second agent is refused", TestContext.Current.CancellationToken);
        await Pool.EndAsync(await Pool.SubmitAsync(["a.spec.ts"]));
        Assert.Equal(0, Registrations(second));
        Assert.Equal(0, await first.StopAsync());
        await Eventually.HoldsAsync(() => Registrations(second) == 1, "the second agent gets the device", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Agent_StateFolderInUse_RefusesToStartInOneSentence()
    {
        await using var first = await StartAsync("one");
        await using var second = WorkerProcess.Start(Pool, first.StateDir, Settings("two"), out _);
        Assert.Equal(1, await second.Process.WaitForExitAsync(TestContext.Current.CancellationToken));
        Assert.Contains("in use by another agent", second.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_DataOfAnotherLayoutInRedis_EndsWithOneSentence()
    {
        using var client = await Pool.Redis.ConnectAsync();
        await client.GetDatabase().StringSetAsync("qg:{other-layout}:schema", 1);
        await using var worker = WorkerProcess.Start(Pool, _folder.Folder("other"), new Dictionary<string, string>(Settings("other")) { ["Scheduling__Pool"] = "other-layout" }, out _);
        Assert.Equal(1, await worker.Process.WaitForExitAsync(TestContext.Current.CancellationToken));
        Assert.Contains("layout version 1, this program knows version", worker.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", worker.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_SettingsWrong_SaysAllMistakesAtOnce()
    {
        var settings = new Dictionary<string, string> { ["Worker__Name"] = "Not A Name", ["Worker__PortBase"] = "80", ["Worker__Providers__Virtual__Enabled"] = "true" };
        await using var worker = WorkerProcess.Start(Pool, _folder.Folder("my state"), settings, out _);
        Assert.Equal(1, await worker.Process.WaitForExitAsync(TestContext.Current.CancellationToken));
        Assert.All(["Worker:Name", "PortBase", "Worker:TestRoot", "Worker:AppRoot", "Worker:StateDir"], setting => Assert.Contains(setting, worker.Process.Output, StringComparison.Ordinal));
    }

    private static int Registrations(WorkerProcess worker) => worker.Process.Output.Split('\n').Count(line => line.Contains("registered as", StringComparison.Ordinal));

    private static Dictionary<string, string> Settings(string name, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string> { ["Worker__Name"] = name, ["Worker__Providers__Simulated__Devices"] = "1" };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return settings;
    }

    private Task<WorkerProcess> StartAsync(string name, params (string Name, string Value)[] more) => WorkerProcess.StartAsync(Pool, _folder.Folder($"state-{name}"), Settings(name, more));
}
