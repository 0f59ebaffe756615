using System.Text.Json;
using QualGent.Contracts;
using QualGent.Testing;
using QualGent.Worker.Processes;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>Parts die in the middle of a batch of genuine AppWright: one verdict each, nothing runs twice, nobody pays for it, nothing is left.</summary>
[Trait("Category", "AppWright")]
public sealed class LossTests : IAsyncLifetime
{
    private const string Quick = "tests/notes.spec.ts";
    private const string Slow = "tests-faults/slow.spec.ts";
    private const string Last = "tests/onboarding.spec.js";
    private readonly Workspace _workspace = new();
    private Pool? _pool;

    private Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync(TimeSpan.FromSeconds(12));

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        _workspace.Dispose();
    }

    [Theory]
    [InlineData("supervisor")]
    [InlineData("appium")]
    public async Task Batch_PartOfItKilled_RestRunsAgainAndWhatPassedDoesNot(string part)
    {
        await using var worker = await StartAsync("one");
        var (jobs, slow) = await SubmitAsync();
        var passed = (await PassedAsync(jobs)).ToDictionary(job => job.Id, job => job.FinishedAt);
        Kill(worker, slow.BatchId!, part);
        var ended = await Pool.EndAsync(jobs);
        Assert.All(ended, job => Assert.Equal((JobStatus.Passed, 1, false), (job.Status, job.Attempts, job.Flaky)));
        Assert.All(ended.Where(job => passed.ContainsKey(job.Id)), job => Assert.Equal(passed[job.Id], job.FinishedAt));
        Assert.Equal(0, await worker.StopAsync());
        AssertNothingLeft();
    }

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

    [Theory]
    [InlineData(Slow, 3)]
    [InlineData("tests-faults/freeze.spec.ts", 15)]
    public async Task Cancel_RunningJob_ItsProcessesAreGoneInTimeAndItsMatesArePutBack(string file, int seconds)
    {
        await using var worker = await StartAsync("one");
        var jobs = await Pool.SubmitAsync([file, "tests/sync.spec.ts"], Targets.Emulator, "notes-1.0.0", Workspace.Org);
        var running = await Pool.WaitAsync(jobs[0], job => job.Phase == JobPhase.Testing, "is being tested");
        await Eventually.HoldsAsync(() => TestRuns(worker, running.BatchId!), "its test runs", TestContext.Current.CancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await Pool.Queue.CancelJobAsync(jobs[0], "not needed", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => RunningProcess.Naming(running.BatchId!).Count == 0, "its processes are gone", TestContext.Current.CancellationToken);
        var took = TimeProvider.System.GetElapsedTime(started);
        var ended = await Pool.EndAsync(jobs);
        Assert.Equal([JobStatus.Cancelled, JobStatus.Passed], ended.Select(job => job.Status));
        Assert.Equal((1, false), (ended[1].Attempts, ended[1].Flaky));
        Assert.True(took < TimeSpan.FromSeconds(seconds), $"Gone after {took}");
    }

    private async Task<(IReadOnlyList<string> Jobs, JobView Slow)> SubmitAsync()
    {
        var jobs = await Pool.SubmitAsync([Quick, Slow, Last], Targets.Emulator, "notes-1.0.0", Workspace.Org);
        var slow = await Pool.WaitAsync(jobs[1], job => job.Phase == JobPhase.Testing, "is being tested");
        _workspace.Footprint.Look();
        return (jobs, slow);
    }

    private async Task<IEnumerable<JobView>> PassedAsync(IReadOnlyList<string> jobs) => (await Task.WhenAll(jobs.Select(Pool.GetAsync))).Where(job => job.Status == JobStatus.Passed);

    private Task<WorkerProcess> StartAsync(string name) => WorkerProcess.StartAsync(Pool, _workspace.State(name), _workspace.Settings(name));

    private static void Kill(WorkerProcess worker, string batch, string part)
    {
        var pid = part == "supervisor"
            ? RunningProcess.Naming(batch).Single(process => process.CommandLine.EndsWith("supervise.mjs", StringComparison.Ordinal)).Id
            : File.ReadLines(Path.Combine(worker.StateDir, "batches", batch, "groups.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
                .First(group => group.GetProperty("what").GetString() == part).GetProperty("pgid").GetInt32();
        Signals.Send(pid, Signals.Kill);
    }

    private static bool TestRuns(WorkerProcess worker, string batch)
    {
        var events = Path.Combine(worker.StateDir, "batches", batch, "events.jsonl");
        return File.Exists(events) && File.ReadAllText(events).Contains("\"testBegin\"", StringComparison.Ordinal);
    }

    private static List<RunningProcess> Marked(WorkerProcess worker) =>
        [.. Directory.EnumerateDirectories(Path.Combine(worker.StateDir, "batches")).SelectMany(folder => RunningProcess.Naming(Path.GetFileName(folder)))];

    private void AssertNothingLeft()
    {
        Assert.True(_workspace.Footprint.Ports.Count >= 2, "The agent and its Appium listened.");
        Assert.Empty(_workspace.Footprint.Left());
    }
}
