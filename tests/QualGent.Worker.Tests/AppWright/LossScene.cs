using QualGent.Contracts;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>A batch of genuine AppWright with a slow file in the middle, during which something can die.</summary>
[Trait("Category", "AppWright")]
public abstract class LossScene : IAsyncLifetime
{
    private const string Quick = "tests/notes.spec.ts";
    private const string Slow = "tests-faults/slow.spec.ts";
    private const string Last = "tests/onboarding.spec.js";
    private readonly Workspace _workspace = new();
    private Pool? _pool;

    protected Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync(TimeSpan.FromSeconds(12));

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        _workspace.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Submits it and returns when the slow file is being tested.</summary>
    protected async Task<(IReadOnlyList<string> Jobs, JobView Slow)> SubmitAsync()
    {
        var jobs = await Pool.SubmitAsync([Quick, Slow, Last], Targets.Emulator, "notes-1.0.0", Workspace.Org);
        var slow = await Pool.WaitAsync(jobs[1], job => job.Phase == JobPhase.Testing, "is being tested");
        _workspace.Footprint.Look();
        return (jobs, slow);
    }

    protected async Task<IEnumerable<JobView>> PassedAsync(IReadOnlyList<string> jobs) => (await Task.WhenAll(jobs.Select(Pool.GetAsync))).Where(job => job.Status == JobStatus.Passed);

    protected Task<WorkerProcess> StartAsync(string name) => WorkerProcess.StartAsync(Pool, _workspace.State(name), _workspace.Settings(name));

    protected void AssertNothingLeft()
    {
        Assert.True(_workspace.Footprint.Ports.Count >= 2, "The agent and its Appium listened.");
        Assert.Empty(_workspace.Footprint.Left());
    }
}
