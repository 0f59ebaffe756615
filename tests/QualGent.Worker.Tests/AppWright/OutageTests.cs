using QualGent.Contracts;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>Redis is away for a minute, two of production's leases, in the middle of a batch of genuine AppWright.</summary>
[Trait("Category", "AppWright")]
public sealed class OutageTests : IAsyncLifetime
{
    private const string Slow = "tests-faults/slow.spec.ts"; // takes ten seconds
    private static readonly TimeSpan s_away = TimeSpan.FromMinutes(1);
    private readonly Workspace _workspace = new();
    private Pool? _pool;

    private Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Redis_AwayForAMinute_NoAttemptIsChargedAndNoResultIsLost()
    {
        string[] files = ["tests/notes.spec.ts", .. Enumerable.Range(1, 3).Select(CopyOfSlow)]; // in the order in which Playwright runs them
        await using var worker = await WorkerProcess.StartAsync(Pool, _workspace.State("one"), _workspace.Settings("one"));
        var jobs = await Pool.SubmitAsync(files, Targets.Emulator, "notes-1.0.0", Workspace.Org);
        var first = await Pool.WaitAsync(jobs[1], job => job.Phase == JobPhase.Testing, "is being tested");

        await Pool.Redis.KillAsync(TestContext.Current.CancellationToken);
        await Task.Delay(s_away, TimeProvider.System, TestContext.Current.CancellationToken);
        await Pool.Redis.StartAgainAsync(TestContext.Current.CancellationToken);

        var ended = await Pool.EndAsync(jobs);
        Assert.All(ended, job => Assert.Equal((JobStatus.Passed, 1, false, 0), (job.Status, job.Attempts, job.Flaky, job.InfrastructureLosses)));
        Assert.Equal(first.BatchId, ended[1].BatchId); // It passed meanwhile: the journal kept the result, and it did not run again.
        Assert.NotEqual(first.BatchId, ended[^1].BatchId); // The batch fenced itself before the lease was over; this file had not ended.
        Assert.Equal(0, await worker.StopAsync());
        Assert.Empty(_workspace.Footprint.Left());
    }

    private string CopyOfSlow(int number)
    {
        var copy = Slow.Replace(".spec", $"-{number}.spec", StringComparison.Ordinal);
        File.Copy(Path.Combine(_workspace.TestRoot, Workspace.Org, Slow), Path.Combine(_workspace.TestRoot, Workspace.Org, copy));
        return copy;
    }
}
