using System.Text.Json;
using System.Text.RegularExpressions;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Jobs;

/// <summary><c>qgjob</c> as a process against the real API, queue, Redis and a worker with simulated devices.</summary>
public sealed partial class RealSystemTests(Deployment system) : IClassFixture<Deployment>
{
    private static readonly string[] s_simulated = ["--org-id=acme", "--app-version-id=v1", "--target=simulated"];

    [Fact]
    public async Task Submit_LiteralCommandsOfTheChallenge_GiveAJobAndItsStatus()
    {
        var submitted = await system.RunAsync("submit", "--org-id=qualgent", "--app-version-id=xyz123", "--test=tests/onboarding.spec.js");
        Assert.Equal(0, submitted.ExitCode);
        var id = JobId().Match(submitted.Out).Value;
        var status = await system.RunAsync("status", "--job-id=" + id);
        Assert.Equal(0, status.ExitCode);
        Assert.Matches(@"state +queued", status.Out);
        Assert.Matches(@"app +qualgent/xyz123", status.Out);
        using var json = JsonDocument.Parse((await system.RunAsync("status", id, "--json")).Out);
        Assert.Equal("tests/onboarding.spec.js", json.RootElement.GetProperty("test_path").GetString());
        Assert.Contains("cancelled", (await system.RunAsync("cancel", id)).Out, StringComparison.Ordinal);
        Assert.Contains(id, (await system.RunAsync("list", "--org-id=qualgent", "--status=cancelled")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_EverythingPasses_EndsWithZero()
    {
        var outcome = await system.RunAsync(["submit", .. s_simulated, "--wait", "--test", "a.spec.js", "b.spec.js", "flaky.spec.js", "--name=nightly"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("3 tests: 3 passed (1 flaky)", outcome.Out, StringComparison.Ordinal);
        Assert.Matches("Run run_[0-9a-z]{20} \"nightly\" passed", outcome.Out);
        Assert.Matches(@"flaky +flaky\.spec\.js .*attempt 2 of 2", outcome.Out);
    }

    [Fact]
    public async Task Run_FoundShownRepeatedAndWatched_EndsWithItsVerdict()
    {
        var submitted = await system.RunAsync(["submit", .. s_simulated, "--wait", "--test", "a.spec.js", "fail.spec.js", "--name=Search me"]);
        var run = RunId().Match(submitted.Out).Value;

        Assert.Matches($@"{run} +failed +1/2 +Search me +v1 ", (await system.RunAsync("run", "list", "--name=search ME", "--verdict=failed")).Out);
        Assert.Contains("No runs match.", (await system.RunAsync("run", "list", "--name=search me", "--state=open")).Error, StringComparison.Ordinal);
        using var list = JsonDocument.Parse((await system.RunAsync("run", "list", "--all", "--app-version-id=v1", "--json")).Out);
        Assert.Contains(run, list.RootElement.GetProperty("runs").EnumerateArray().Select(found => found.GetProperty("id").GetString()));
        Assert.Contains($"Run {run} \"Search me\" failed", (await system.RunAsync("run", "show", run)).Out, StringComparison.Ordinal);

        var again = await system.RunAsync("run", "rerun-failed", "--run-id", run, "--json");
        using var child = JsonDocument.Parse(again.Out);
        var id = child.RootElement.GetProperty("run").GetProperty("id").GetString()!;
        Assert.Equal((0, 1), (again.ExitCode, child.RootElement.GetProperty("run").GetProperty("inherited").GetInt32()));
        Assert.Equal(1, (await system.RunAsync("run", "watch", id)).ExitCode);
        Assert.Contains("has ended: failed", (await system.RunAsync("run", "cancel", id)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_AMatrixOfWhichOneKindIsMissing_NamesItCancelsAndShowsEachCell()
    {
        var outcome = await system.RunAsync(["submit", .. s_simulated, "--matrix", "target=simulated", "--matrix", "os=99", "--wait", "--no-device-timeout=3s", "--test", "a.spec.js", "b.spec.js"]);
        var run = RunId().Match(outcome.Error).Value;

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("4 tests of v1 submitted", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("No device that could serve simulated/android with os=99 showed up", outcome.Error, StringComparison.Ordinal);
        var shown = (await system.RunAsync("run", "show", run)).Out;
        Assert.Matches(@"passed +a\.spec\.js \[simulated/android\] ", shown);
        Assert.Matches(@"cancelled +b\.spec\.js \[os=99\]", shown);
        Assert.Matches(@"passed +simulated/android: 2 passed", shown);
        Assert.Matches(@"cancelled +os=99: 2 cancelled", shown);
        Assert.Contains("4 tests: 2 passed, 2 cancelled", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_AMatrix_PrintsEachTestOnceForEachCell()
    {
        var outcome = await system.RunAsync(["submit", .. s_simulated, "--matrix", "os=97", "--matrix", "os=98,model=pixel-8", "--test", "a.spec.js"]);

        Assert.Matches(@"^job_[0-9a-z]{20}\.0_0  queued  a\.spec\.js \[os=97\]\njob_[0-9a-z]{20}\.1_0  queued  a\.spec\.js \[model=pixel-8, os=98\]\n$", outcome.Out);
        Assert.Contains("No registered device serves simulated/android/os=97", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("cancelled", (await system.RunAsync("cancel", RunId().Match(outcome.Error).Value)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueueAndDevice_PausedAndDrained_SaySoAndComeBack()
    {
        Assert.Equal("Paused: resting/v9\n", (await system.RunAsync("queue", "pause", "--org-id=resting", "--app-version-id=v9")).Out);
        Assert.Contains("Paused: resting/v9", (await system.RunAsync("queue", "show")).Out, StringComparison.Ordinal);
        Assert.Equal("Nothing is paused.\n", (await system.RunAsync("queue", "resume", "--org-id=resting", "--app-version-id=v9")).Out);

        Assert.Matches("^simulated-cli-tests-2  draining", (await system.RunAsync("device", "drain", "simulated-cli-tests-2")).Out);
        Assert.Matches(@"simulated-cli-tests-2 +draining", (await system.RunAsync("device", "list")).Out);
        Assert.Matches("^simulated-cli-tests-2  (idle|busy)", (await system.RunAsync("device", "resume", "simulated-cli-tests-2")).Out);

        var unknown = await system.RunAsync("device", "drain", "emulator-1");
        Assert.Equal(3, unknown.ExitCode);
        Assert.Contains("There is no device 'emulator-1'.", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await system.RunAsync("device", "resume", "dev_unknown")).ExitCode);
    }

    [Theory]
    [InlineData("fail.spec.js", 1, "The simulated test fails.")]
    [InlineData("error.spec.js", 4, "ended without a verdict")]
    public async Task Submit_OneDoesNotPass_EndsWithItsCodeAndItsMessage(string test, int exitCode, string message)
    {
        var outcome = await system.RunAsync(["submit", .. s_simulated, "--wait", "--attempts=1", "--test=ok.spec.js", "--test=" + test]);
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(message, outcome.Out, StringComparison.Ordinal);
        Assert.Contains("1 passed", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_OfARunThatFailed_RunsOnlyWhatDidNotPass()
    {
        var first = await system.RunAsync(["submit", .. s_simulated, "--wait", "--attempts=1", "--test=ok.spec.js", "--test=fail.spec.js"]);
        var run = RunId().Match(first.Out).Value;
        Assert.Contains($"Run again what did not pass: qgjob retry {run}", first.Out, StringComparison.Ordinal);

        var again = await system.RunAsync("retry", run, "--wait");

        Assert.Equal(1, again.ExitCode);
        Assert.Contains("1 test of v1 again, 1 passed before.", again.Error, StringComparison.Ordinal);
        Assert.Contains("1 test: 1 failed", again.Out, StringComparison.Ordinal);
        Assert.Contains($"Attempt 2 of {run}: 1 test passed before and did not run again", again.Out, StringComparison.Ordinal);

        var passed = RunId().Match((await system.RunAsync(["submit", .. s_simulated, "--wait", "--test=ok.spec.js", "--name=green"])).Out).Value;
        var nothing = await system.RunAsync("retry", passed);
        Assert.Equal((0, $"Every test of {passed} passed: there is nothing to run again.\n"), (nothing.ExitCode, nothing.Error));
        Assert.Equal(2, (await system.RunAsync("retry", run, "--wait-timeout=5m")).ExitCode);
    }

    [Fact]
    public async Task Submit_FailFast_CancelsTheRestAndFails()
    {
        var outcome = await system.RunAsync(["submit", .. s_simulated, "--wait", "--fail-fast", "--attempts=1", "--test=fail.spec.js", .. Enumerable.Range(0, 300).Select(i => $"--test=ok{i}.spec.js")]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches("301 tests: .*1 failed, [0-9]+ cancelled", outcome.Out);
    }

    [Fact]
    public async Task Submit_SameKeyTwice_IsOneRun()
    {
        string[] submit = ["submit", .. s_simulated, "--test=twice.spec.js", "--idempotency-key=twice-" + Guid.NewGuid().ToString("N")];
        var first = await system.RunAsync(submit);
        var second = await system.RunAsync(submit);
        Assert.Equal(JobId().Match(first.Out).Value, JobId().Match(second.Out).Value);
        var other = await system.RunAsync([.. submit, "--priority=9"]);
        Assert.Equal(2, other.ExitCode);
    }

    [Theory]
    [InlineData("status", "job_00000000000000000000_0")]
    [InlineData("status", "abc456")]
    [InlineData("watch", "run_00000000000000000000")]
    [InlineData("cancel", "run_00000000000000000000")]
    public async Task Run_UnknownId_EndsWithThree(string command, string id)
    {
        var outcome = await system.RunAsync(command, id);
        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(id, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_NoDeviceCouldServe_CancelsTheRunAndEndsWithThree()
    {
        var outcome = await system.RunAsync("submit", "--org-id=acme", "--app-version-id=v1", "--target=device", "--label=model=none", "--test=x.spec.js", "--wait", "--no-device-timeout=1s");
        Assert.Equal(3, outcome.ExitCode);
        var run = RunId().Match(outcome.Error).Value;
        Assert.Contains("device/android with model=none", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"Run {run} cancelled", (await system.RunAsync("status", run)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_Interrupted_CancelsTheRun()
    {
        await using var process = CliProcess.Start(["submit", .. s_simulated, "--test=slow-int.spec.js", "--wait", "--name=interrupted", "--api-url=" + system.Url]);
        await Eventually.GetAsync(() => system.RunAsync("list", "--status=running"), list => list.Out.Contains("slow-int.spec.js", StringComparison.Ordinal), "the test runs", TestContext.Current.CancellationToken);
        await process.SignalAsync("INT");
        var outcome = await process.EndAsync();
        Assert.Equal(130, outcome.ExitCode);
        var run = RunId().Match(outcome.Error).Value;
        await Eventually.GetAsync(() => system.RunAsync("status", run), status => status.Out.Contains($"Run {run} \"interrupted\" cancelled", StringComparison.Ordinal), "the run is cancelled", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Submit_ApiKilledWhileWaiting_GoesOnWithTheNextOne()
    {
        await using var process = CliProcess.Start(["submit", .. s_simulated, "--test=slow-kill.spec.js", "--test=quick.spec.js", "--wait", "--api-url=" + system.Url]);
        await process.SaysAsync("running   slow-kill.spec.js"); // so it hears events, and loses a connection
        await system.KillApiAsync();
        await system.StartApiAsync();
        var outcome = await process.EndAsync();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Single(outcome.Error.Split('\n'), line => line.StartsWith("Connection lost", StringComparison.Ordinal));
        Assert.Contains("2 tests: 2 passed", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_FleetAndQueue_NameDevicesAndAgents()
    {
        Assert.Matches(@"simulated-cli-tests-1 +(idle|busy) +simulated/android +simulated", (await system.RunAsync("device", "list")).Out);
        Assert.Matches(@"cli-tests +online +\d+s ago +2 devices", (await system.RunAsync("agent", "list")).Out);
        Assert.Matches(@"\d+ jobs? queued.*, \d+ running; \d of 2 devices busy", (await system.RunAsync("queue", "show")).Out);
    }

    [Fact]
    public async Task List_AllPages_GivesEveryJobOnce()
    {
        var tests = Enumerable.Range(0, 30).Select(i => $"page-{i:00}.spec.js");
        var submitted = await system.RunAsync(["submit", .. s_simulated, "--test", .. tests]);
        var run = "run_" + JobId().Match(submitted.Out).Value[4..24];
        using var json = JsonDocument.Parse((await system.RunAsync("list", "--run-id=" + run, "--all", "--json")).Out);
        Assert.Equal(tests, json.RootElement.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("test_path").GetString()!).Order(StringComparer.Ordinal));
        using var page = JsonDocument.Parse((await system.RunAsync("list", "--run-id=" + run, "--limit=7", "--json")).Out);
        Assert.Equal(7, page.RootElement.GetProperty("jobs").GetArrayLength());
        Assert.NotNull(page.RootElement.GetProperty("next_cursor").GetString());
    }

    [Fact]
    public async Task Submit_OnATerminalOf80Columns_WrapsNothing()
    {
        var longName = "tests/a-folder-with-a-long-name/another-folder/slow-and-a-very-long-file-name-that-goes-on.spec.js";
        await using var process = CliProcess.StartOnTerminal($"submit {string.Join(' ', s_simulated)} --wait --test={longName} --test=fail.spec.js --api-url={system.Url}");
        var outcome = await process.EndAsync();
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("\e[", outcome.Out, StringComparison.Ordinal);
        var lines = Escape().Replace(outcome.Out, "").Split(['\n', '\r']);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(lines, line => line.StartsWith("running", StringComparison.Ordinal) && line.Contains("that-goes-on.spec.js", StringComparison.Ordinal));
    }

    [GeneratedRegex("job_[0-9a-z]{20}_[0-9]+")]
    private static partial Regex JobId();

    [GeneratedRegex("run_[0-9a-z]{20}")]
    private static partial Regex RunId();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escape();
}
