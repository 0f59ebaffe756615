using QualGent.Contracts;
using QualGent.Worker.TestCode;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>What happens on the phone and on the host around genuine AppWright.</summary>
[Trait("Category", "AppWright")]
public sealed class PhoneTests : IAsyncLifetime
{
    private static readonly string[] s_passing = ["tests/notes.spec.ts", "tests/onboarding.spec.js", "tests/sync.spec.ts"];
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
    public async Task Installs_SameBuildAgainEvenAfterARestart_NoneAndEveryTestWhenResetIsFull()
    {
        var settings = _workspace.Settings("one", devices: 2);
        await using (var worker = await StartAsync(settings))
        {
            var first = await RunAsync("notes-1.0.0");
            var second = await RunAsync("notes-1.1.0");
            Assert.Equal((1, 1), (Installs(first), Installs(second)));
            Assert.Equal(0, Installs(await RunAsync("notes-1.0.0")) + Installs(await RunAsync("notes-1.1.0")));
            Assert.Equal(0, await worker.StopAsync());
        }

        await using var again = await StartAsync(settings);
        Assert.Equal(0, Installs(await RunAsync("notes-1.0.0")) + Installs(await RunAsync("notes-1.1.0")));
        Assert.Equal(s_passing.Length, Installs(await RunAsync("notes-1.0.0", ResetModes.Full)));
    }

    [Fact]
    public async Task Tests_WritingWherverTheyCan_LeaveTheTestersFolderAndTheAgentsSecretsAlone()
    {
        await using var worker = await StartAsync(_workspace.Settings("one"));
        var before = await FolderSnapshot.TakeAsync(Path.Combine(_workspace.TestRoot, Workspace.Org), TestContext.Current.CancellationToken);
        var jobs = await Pool.EndAsync(await Pool.SubmitAsync(["tests-faults/writes.spec.ts", "tests-faults/environment.spec.ts", "tests-faults/forge.spec.ts"], Targets.Emulator, "notes-1.0.0", Workspace.Org));
        Assert.Equal([JobStatus.Passed, JobStatus.Passed, JobStatus.Failed], jobs.Select(job => job.Status));
        var after = await FolderSnapshot.TakeAsync(Path.Combine(_workspace.TestRoot, Workspace.Org), TestContext.Current.CancellationToken);
        Assert.Equal(before.Digest, after.Digest);
        var said = await File.ReadAllTextAsync(Path.Combine(worker.StateDir, "batches", jobs[1].BatchId!, "round-1", "appwright.log"), TestContext.Current.CancellationToken);
        Assert.Contains("environment: {", said, StringComparison.Ordinal);
        Assert.DoesNotContain("test-password", said, StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectionStrings", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Worker__", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_NamedWronglyOrMissing_SaysWhichThereAre()
    {
        await using var worker = await StartAsync(_workspace.Settings("one"));
        var named = Assert.Single(await Pool.EndAsync(await Pool.SubmitAsync(["tests/notes.spec.ts"], Targets.Emulator, "notes-1.0.0", Workspace.Org, project: "ios")));
        Assert.NotEqual(JobStatus.Passed, named.Status);
        Assert.Contains("android", named.Message, StringComparison.Ordinal);
        var noOrg = Assert.Single(await Pool.EndAsync(await Pool.SubmitAsync(["tests/notes.spec.ts"], Targets.Emulator, "notes-1.0.0", "nobody")));
        Assert.Equal((JobStatus.Failed, VerdictCodes.NotFound), (noOrg.Status, noOrg.Code));
        var noApp = Assert.Single(await Pool.EndAsync(await Pool.SubmitAsync(["tests/notes.spec.ts"], Targets.Emulator, "no-such-build", Workspace.Org)));
        Assert.Equal((JobStatus.Failed, VerdictCodes.NotFound), (noApp.Status, noApp.Code));
        Assert.Contains("no-such-build", noApp.Message, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<JobView>> RunAsync(string app, string reset = ResetModes.Clear)
    {
        var jobs = await Pool.EndAsync(await Pool.SubmitAsync(s_passing, Targets.Emulator, app, Workspace.Org, reset: reset));
        Assert.All(jobs, job => Assert.True(job.Status == JobStatus.Passed, $"{job.TestPath}: {job.Status} {job.Code} {job.Message}"));
        return jobs;
    }

    private static int Installs(IEnumerable<JobView> jobs) => jobs.Count(job => job.Installed == true);

    private Task<WorkerProcess> StartAsync(Dictionary<string, string> settings) => WorkerProcess.StartAsync(Pool, _workspace.State("one"), settings);
}
