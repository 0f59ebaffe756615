using QualGent.Contracts;
using QualGent.Testing;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>How soon nothing is left of a cancelled test; a promise in seconds, so nothing else runs meanwhile.</summary>
[Collection(nameof(Alone)), Trait("Category", "AppWright")]
public sealed class CancelTests : IAsyncLifetime
{
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
    [InlineData("tests-faults/slow.spec.ts", 3)]
    [InlineData("tests-faults/freeze.spec.ts", 15)]
    public async Task Cancel_RunningJob_ItsProcessesAreGoneInTimeAndItsMatesArePutBack(string file, int seconds)
    {
        await using var worker = await WorkerProcess.StartAsync(Pool, _workspace.State("one"), _workspace.Settings("one"));
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

    private static bool TestRuns(WorkerProcess worker, string batch)
    {
        var events = Path.Combine(worker.StateDir, "batches", batch, "events.jsonl");
        return File.Exists(events) && File.ReadAllText(events).Contains("\"testBegin\"", StringComparison.Ordinal);
    }
}
