using System.Runtime.Versioning;
using QualGent.Contracts;
using QualGent.Testing;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>Trouble on the host before the first test; no AppWright gets as far as starting.</summary>
public sealed class PreparationTests : IAsyncLifetime
{
    private static readonly string[] s_tests = ["tests/notes.spec.ts"];
    private readonly Workspace _workspace = new();
    private readonly TestFolder _folder = new();
    private Pool? _pool;

    private Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync(TimeSpan.FromSeconds(12));

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        _folder.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Prepare_HostCannotWrite_JobErrsWithAnAttemptChargedInsteadOfComingBackForEver()
    {
        var cache = Path.Combine(_folder.File("file", ""), "below-a-file");
        await using var worker = await StartAsync(("Worker__DependencyCache", cache));
        var job = Assert.Single(await Pool.EndAsync(await SubmitAsync()));
        Assert.Equal((JobStatus.Errored, VerdictCodes.RunnerError, 1), (job.Status, job.Code, job.Attempts));
        Assert.Contains("below-a-file", job.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 7", "(npm ci) ended with 7:")]
    [InlineData("exec sleep 300", "(npm ci) did not end within 00:00:10 (Worker:DependencyTimeout)")]
    [UnsupportedOSPlatform("windows")]
    public async Task Prepare_NpmFailsOrHangs_TheJobSaysHowAndWhatNpmPrinted(string ending, string how)
    {
        var npm = _folder.File("bin/npm", $"#!/bin/sh\necho \"arguments: $*\"\necho no such package >&2\n{ending}\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = $"{Path.GetDirectoryName(npm)}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var worker = await StartAsync(("Worker__DependencyCache", _folder.Folder("cache")), ("Worker__DependencyTimeout", "00:00:10"), ("PATH", path));
        var job = Assert.Single(await Pool.EndAsync(await SubmitAsync()));
        Assert.Equal((JobStatus.Errored, VerdictCodes.RunnerError), (job.Status, job.Code));
        Assert.Contains(how, job.Message, StringComparison.Ordinal);
        Assert.Contains("no such package", job.Message, StringComparison.Ordinal);
        Assert.Matches("arguments: ci .*--ignore-scripts", job.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Prepare_ForAnOrganisationThatAllowsScripts_RunsThemWithoutTheAgentsNpmSettings_AndSharesNoInstallationWithOthers()
    {
        var npm = _folder.File("bin/npm", "#!/bin/sh\ncase $1 in ci) mkdir node_modules ;; *) echo \"arguments: $*; token: $npm_config_token; proxy: $https_proxy$HTTP_PROXY; home: $HOME\"; exit 7 ;; esac\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var (path, cache) = ($"{Path.GetDirectoryName(npm)}:{Environment.GetEnvironmentVariable("PATH")}", _folder.Folder("cache"));
        await using var worker = await StartAsync(("Worker__DependencyCache", cache), ("PATH", path), ("npm_config_token", "of-the-operator"), ("https_proxy", "http://operator:pw@proxy.example:1"), ("HTTP_PROXY", "http://operator:pw@proxy.example:1"));
        var without = Assert.Single(await Pool.EndAsync(await SubmitAsync()));
        Assert.DoesNotContain("npm", without.Message, StringComparison.Ordinal);
        var installed = Assert.Single(Directory.GetDirectories(cache));

        await Pool.Control.ChangeOrgAsync(Workspace.Org, new OrgChange { NpmScripts = true }, TestContext.Current.CancellationToken);
        var with = Assert.Single(await Pool.EndAsync(await SubmitAsync()));

        Assert.Equal((JobStatus.Errored, VerdictCodes.RunnerError), (with.Status, with.Code));
        Assert.Matches("\\(npm rebuild\\) ended with 7:\narguments: rebuild .*; token: ; proxy: ; home: .*/cache/", with.Message);
        await Eventually.GetAsync(() => Pool.ReadLogAsync(with.Id), log => log.Contains("arguments: rebuild", StringComparison.Ordinal), "what npm printed is in the job's log", TestContext.Current.CancellationToken);
        Assert.Equal([installed], Directory.GetDirectories(cache).Where(folder => !folder.EndsWith(".new", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Category", "AppWright")]
    public async Task Prepare_OfABuildThatIsRegisteredNowhere_TakesTheOneThatTheProjectBringsAlong()
    {
        await using var worker = await StartAsync();
        var missing = Assert.Single(await Pool.EndAsync(await Pool.SubmitAsync(s_tests, Targets.Emulator, "brought-along", Workspace.Org)));
        Assert.Equal((JobStatus.Failed, VerdictCodes.NotFound), (missing.Status, missing.Code));
        Assert.Contains("the project's buildPath 'builds/notes.apk' is no file of it", missing.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_workspace.TestRoot, Workspace.Org, "builds"));
        File.Copy(Path.Combine(_workspace.AppRoot, Workspace.Org, "notes-1.0.0.apk"), Path.Combine(_workspace.TestRoot, Workspace.Org, "builds", "notes.apk"));

        var brought = Assert.Single(await Pool.EndAsync(await Pool.SubmitAsync(s_tests, Targets.Emulator, "brought-along", Workspace.Org)));

        Assert.True(brought.Status == JobStatus.Passed, brought.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Prepare_AgentKilledWhileNpmInstalls_NextLifeEndsNpm()
    {
        var npm = _folder.File("bin/npm", "#!/bin/sh\nexec sleep 300\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var path = $"{Path.GetDirectoryName(npm)}:{Environment.GetEnvironmentVariable("PATH")}";
        string batch;
        await using (var worker = await StartAsync(("Worker__DependencyCache", _folder.Folder("cache")), ("PATH", path)))
        {
            var jobs = await SubmitAsync();
            batch = (await Pool.WaitAsync(jobs[0], job => job.BatchId is not null, "is held")).BatchId!;
            await Eventually.HoldsAsync(() => RunningProcess.Naming(batch).Count > 0, "npm runs", TestContext.Current.CancellationToken);
            await worker.Process.KillAsync(TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(RunningProcess.Naming(batch));
        await using var next = await StartAsync(("Worker__Providers__Virtual__Enabled", "false"), ("Worker__Providers__Simulated__Devices", "1"));
        await Eventually.HoldsAsync(() => RunningProcess.Naming(batch).Count == 0, "npm has ended", TestContext.Current.CancellationToken);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Supervisor_DiesBeforeItOpensEveryTime_JobEndsErroredWithoutAnAttempt()
    {
        // Its output ends before its last words come: they are waited for.
        var path = Environment.GetEnvironmentVariable("PATH");
        var node = _folder.File("bin/node", $"#!/bin/sh\ncase $1 in */supervise.mjs) exec >&-; sleep 0.2; echo out of order >&2; exit 3 ;; esac\nPATH='{path}' exec node \"$@\"\n");
        File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var worker = await StartAsync(("PATH", $"{Path.GetDirectoryName(node)}:{path}"));
        var job = Assert.Single(await Pool.EndAsync(await SubmitAsync()));
        Assert.Equal((JobStatus.Errored, VerdictCodes.Infrastructure, 0, Limits.InfrastructureLossesMax + 1), (job.Status, job.Code, job.Attempts, job.InfrastructureLosses));
        Assert.Contains("out of order", job.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<string>> SubmitAsync() => Pool.SubmitAsync(s_tests, Targets.Emulator, "notes-1.0.0", Workspace.Org);

    private Task<WorkerProcess> StartAsync(params (string Name, string Value)[] settings) => WorkerProcess.StartAsync(Pool, _workspace.State("one"), _workspace.Settings("one", more: settings));
}
