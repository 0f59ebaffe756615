using QualGent.Contracts;
using QualGent.Testing;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>The agent dies or freezes in the middle of a batch: another one finishes, and of the first nothing stays.</summary>
public sealed class AgentLossTests : LossScene
{
    [Fact]
    public async Task Agent_KilledInTheMiddle_AnotherFinishesAndNothingIsLeft()
    {
        await using var first = await StartAsync("one");
        var (jobs, _) = await SubmitAsync();
        var passed = (await PassedAsync(jobs)).ToDictionary(job => job.Id, job => job.AgentId);
        await first.Process.KillAsync(TestContext.Current.CancellationToken);
        await using var second = await StartAsync("two");
        var ended = await Pool.EndAsync(jobs);
        Assert.All(ended, job => Assert.Equal((JobStatus.Passed, 1, false), (job.Status, job.Attempts, job.Flaky)));
        Assert.All(ended, job => Assert.Equal(passed.ContainsKey(job.Id), job.AgentId == passed.Values.FirstOrDefault("none")));
        await Eventually.HoldsAsync(() => Marked(first).Count == 0, "the dead agent's processes have ended by themselves", TestContext.Current.CancellationToken);
        Assert.Equal(0, await second.StopAsync());
        AssertNothingLeft();
    }

    [Fact]
    public async Task Agent_FrozenBeyondItsLease_ItsBatchEndsBeforeAnotherDeviceStartsItsJobs()
    {
        await using var first = await StartAsync("one");
        var (jobs, slow) = await SubmitAsync();
        await first.Process.SignalAsync("STOP", TestContext.Current.CancellationToken);
        await using var second = await StartAsync("two");
        var again = await Pool.WaitAsync(slow.Id, job => job.AgentId != slow.AgentId && job.Phase is not null, "is held by the other agent");
        Assert.DoesNotContain(Marked(first), process => process.Environment.GetValueOrDefault("QUALGENT_ROLE") == "appium");
        Assert.NotNull(again);
        var ended = await Pool.EndAsync(jobs);
        await first.Process.SignalAsync("CONT", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => first.Process.Output.Contains(" refused: ", StringComparison.Ordinal), "the late report is refused", TestContext.Current.CancellationToken);
        var later = await Task.WhenAll(jobs.Select(Pool.GetAsync));
        Assert.Equal(ended.Select(job => (job.Status, job.Attempts, job.AgentId)), later.Select(job => (job.Status, job.Attempts, job.AgentId)));
        Assert.All(later, job => Assert.Equal((JobStatus.Passed, 1), (job.Status, job.Attempts)));
    }

    private static List<RunningProcess> Marked(WorkerProcess worker) =>
        [.. Directory.EnumerateDirectories(Path.Combine(worker.StateDir, "batches")).SelectMany(folder => RunningProcess.Naming(Path.GetFileName(folder)))];
}
