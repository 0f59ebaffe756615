using System.Text.Json;
using Microsoft.AspNetCore.Http;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Jobs;

/// <summary>Waiting against a server that does what a test needs at that instant; the real one is in RealApiTests.</summary>
public sealed class WaitTests
{
    private const string Assertion = "Error: \e[2mexpect(\e[22mreceived\e[2m)\e[22m.toBe(expected)\n\nExpected: 3\nReceived: 4\a";
    private static readonly string[] s_submit = ["submit", "--org-id=acme", "--app-version-id=v1", "--test=tests/login.spec.ts", "--wait"];
    private static readonly JobView s_queued = Wire.Job(0, JobStatus.Queued);

    [Theory]
    [InlineData(RunVerdict.Passed, 0)]
    [InlineData(RunVerdict.Failed, 1)]
    [InlineData(RunVerdict.Errored, 4)]
    [InlineData(RunVerdict.Incomplete, 4)]
    [InlineData(RunVerdict.Cancelled, 6)]
    public async Task Submit_Verdict_IsTheExitCode(RunVerdict verdict, int exitCode)
    {
        var job = Wire.Job(0, verdict switch { RunVerdict.Passed => JobStatus.Passed, RunVerdict.Failed => JobStatus.Failed, RunVerdict.Cancelled => JobStatus.Cancelled, _ => JobStatus.Errored });
        await using var api = await ServeAsync(context => context.EventsAsync(Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(verdict, job), job)));
        var outcome = await Qgjob.RunAsync([.. s_submit, "--api-url=" + api.Address]);
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.EndsWith($"Run {Wire.RunId} {verdict.ToString().ToLowerInvariant()}", outcome.Out.Split("\nLook at")[0].TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_StreamCutInTheMiddle_ResumesBehindTheLastEventAndSaysSoOnce()
    {
        var connections = 0;
        var failed = Wire.Job(0, JobStatus.Failed, message: Assertion, code: "assertion");
        await using var api = await ServeAsync(async context =>
        {
            switch (Interlocked.Increment(ref connections))
            {
                case 1: // ends within an event
                    await context.EventsAsync(Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(null, s_queued), s_queued), Wire.Event(RunEventKind.Job, "2-0", null, Wire.Job(0, JobStatus.Running)), "event: job\ndata: {\"ki");
                    break;
                case < 9: // more often than one request is repeated
                    context.Abort();
                    break;
                default:
                    await context.EventsAsync(Wire.Event(RunEventKind.Job, "3-0", null, failed), Wire.Event(RunEventKind.RunEnded, "4-0", Wire.Run(RunVerdict.Failed, failed)));
                    break;
            }
        });
        var outcome = await Qgjob.RunAsync([.. s_submit, "--api-url=" + api.Address]);
        Assert.Equal(1, outcome.ExitCode);
        var cursors = api.Requests.Where(request => request.Path.EndsWith("/events", StringComparison.Ordinal)).Select(request => request.LastEventId ?? "").ToList();
        Assert.Equal("", cursors[0]);
        Assert.All(cursors.Skip(1), cursor => Assert.Equal("2-0", cursor));
        Assert.Single(outcome.Error.Split('\n'), line => line.StartsWith("Connection lost", StringComparison.Ordinal));
        Assert.Single(outcome.Error.Split('\n'), line => line == "Connected again.");
        Assert.Contains("    Error: expect(received).toBe(expected)\n\n    Expected: 3\n    Received: 4\uFFFD\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("1 device (virtual), 1 AppWright process, 1 install", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WaitTimesOut_LeavesTheRunAlone()
    {
        await using var api = await ServeAsync(HangAsync);
        var outcome = await Qgjob.RunAsync([.. s_submit, "--wait-timeout=1s", "--api-url=" + api.Address]);
        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("the run goes on", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("qgjob watch " + Wire.RunId, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Requests, request => request.Path.EndsWith("/cancel", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("device", true)]
    [InlineData("emulator", false)]
    public async Task Submit_NoDeviceThatCouldServe_CancelsAndEndsWithThree(string target, bool gaveUp)
    {
        await using var api = await ServeAsync(HangAsync, target.Length == 0 ? Wire.Devices() : Wire.Devices(target));
        var outcome = await Qgjob.RunAsync([.. s_submit, "--no-device-timeout=1s", "--wait-timeout=4s", "--api-url=" + api.Address]);
        Assert.Equal(gaveUp ? 3 : 5, outcome.ExitCode);
        Assert.Equal(gaveUp, outcome.Error.Contains("No device that could serve emulator/android showed up within 1.0s", StringComparison.Ordinal));
        Assert.Equal(gaveUp, api.Requests.Any(request => request.Path == $"/v1/runs/{Wire.RunId}/cancel"));
    }

    [Fact]
    public async Task Submit_Json_PrintsOneDocumentWithRunAndJobs()
    {
        var passed = Wire.Job(0, JobStatus.Passed);
        await using var api = await ServeAsync(context => context.EventsAsync(
            Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(null, s_queued), s_queued), Wire.Event(RunEventKind.Job, "2-0", null, passed), Wire.Event(RunEventKind.RunEnded, "3-0", Wire.Run(RunVerdict.Passed, passed))));
        var outcome = await Qgjob.RunAsync([.. s_submit, "--json", "--api-url=" + api.Address]);
        Assert.Equal(0, outcome.ExitCode);
        using var document = JsonDocument.Parse(outcome.Out);
        Assert.Equal("passed", document.RootElement.GetProperty("run").GetProperty("verdict").GetString());
        Assert.Equal("tests/login.spec.ts", document.RootElement.GetProperty("jobs")[0].GetProperty("test_path").GetString());
    }

    [Fact]
    public async Task Watch_Json_PrintsOneEventPerLine()
    {
        var passed = Wire.Job(0, JobStatus.Passed);
        await using var api = await ServeAsync(context => context.EventsAsync(
            Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(null, s_queued), s_queued), Wire.Event(RunEventKind.Job, "2-0", null, passed), Wire.Event(RunEventKind.RunEnded, "3-0", Wire.Run(RunVerdict.Passed, passed))));
        var outcome = await Qgjob.RunAsync(["watch", Wire.RunId, "--json", "--api-url=" + api.Address]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["snapshot", "job", "run_ended"], outcome.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Watch_OnATerminal_ShowsHowFarARunningFileIs()
    {
        await using var api = await ServeAsync(TellTestsAsync);
        await using var process = CliProcess.StartOnTerminal($"watch {Wire.RunId} --api-url={api.Address}");
        var outcome = await process.EndAsync();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("3/7 tests, 1 failed", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_InAPipe_IsQuietAboutTestsAndJsonHasThem()
    {
        await using var api = await ServeAsync(TellTestsAsync);
        var quiet = await Qgjob.RunAsync(["watch", Wire.RunId, "--api-url=" + api.Address]);
        Assert.Equal(["running", "passed", "passed"], quiet.Error.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));

        var all = await Qgjob.RunAsync(["watch", Wire.RunId, "--json", "--api-url=" + api.Address]);
        Assert.Contains("\"ended\":{\"passed\":2,\"failed\":1,\"skipped\":0}", all.Out, StringComparison.Ordinal);
        var other = await Qgjob.RunAsync(["watch", Wire.Job(1, JobStatus.Passed).Id, "--json", "--api-url=" + api.Address]);
        Assert.DoesNotContain("\"ended\":", other.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Submit_Interrupted_CancelsTheRun(string signal)
    {
        await using var api = await ServeAsync(HangAsync);
        await using var process = CliProcess.Start([.. s_submit, "--api-url=" + api.Address]);
        await Eventually.HoldsAsync(() => api.Requests.Any(request => request.Path.EndsWith("/events", StringComparison.Ordinal)), "qgjob follows", TestContext.Current.CancellationToken);
        await process.SignalAsync(signal);
        var outcome = await process.EndAsync();
        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains($"Run {Wire.RunId} is cancelled.", outcome.Error, StringComparison.Ordinal);
        Assert.Single(api.Requests, request => request.Path == $"/v1/runs/{Wire.RunId}/cancel");
    }

    [Fact]
    public async Task Submit_Waiting_RenewsTheLeaseThatItAskedFor()
    {
        await using var api = await ServeAsync(HangAsync);
        await using var process = CliProcess.Start([.. s_submit, "--api-url=" + api.Address]);

        await Eventually.HoldsAsync(() => api.Requests.Any(request => request is { Method: "POST", Path: $"/v1/runs/{Wire.RunId}/renew" }), "the lease is renewed", TestContext.Current.CancellationToken);

        Assert.Contains("\"lease_seconds\":300", Assert.Single(api.Requests, request => request.Path == "/v1/jobs").Body, StringComparison.Ordinal);
        await process.SignalAsync("TERM");
        Assert.Equal(130, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Watch_Interrupted_StopsWatchingOnly()
    {
        await using var api = await ServeAsync(HangAsync);
        await using var process = CliProcess.Start(["watch", Wire.RunId, "--api-url=" + api.Address]);
        await Eventually.HoldsAsync(() => api.Requests.Any(request => request.Path.EndsWith("/events", StringComparison.Ordinal)), "qgjob follows", TestContext.Current.CancellationToken);
        await process.SignalAsync("INT");
        Assert.Equal(130, (await process.EndAsync()).ExitCode);
        Assert.DoesNotContain(api.Requests, request => request.Method == "POST");
    }

    private static async Task TellTestsAsync(HttpContext context)
    {
        JobView[] begun = [Wire.Job(0, JobStatus.Running) with { Phase = JobPhase.Testing }, Wire.Job(1, JobStatus.Queued)];
        JobView[] ended = [Wire.Job(0, JobStatus.Passed), Wire.Job(1, JobStatus.Passed)];
        await context.EventsAsync(Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(null, begun), begun), Wire.Tests("2-0", begun[0].Id, planned: 7, passed: 2, failed: 1));
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, context.RequestAborted); // four drawings
        await context.Response.WriteAsync(Wire.Event(RunEventKind.RunEnded, "3-0", Wire.Run(RunVerdict.Passed, ended), ended), context.RequestAborted);
    }

    private static async Task HangAsync(HttpContext context)
    {
        await context.EventsAsync(Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(null, s_queued), s_queued));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static Task<StubApi> ServeAsync(Func<HttpContext, Task> events, string? devices = null) => StubApi.StartAsync((context, request) => request switch
    {
        { Path: "/v1/jobs", Method: "POST" } => context.JsonAsync(201, Wire.Accepted(s_queued)),
        { Method: "GET" } when request.Path == "/v1/jobs/" + Wire.Job(1, JobStatus.Passed).Id => context.JsonAsync(200, JsonSerializer.Serialize(Wire.Job(1, JobStatus.Passed), Contracts.Json.ContractsJson.Default.JobView)),
        { Path: "/v1/devices" } => context.JsonAsync(200, devices ?? Wire.Devices("emulator")),
        _ when request.Path.EndsWith("/events", StringComparison.Ordinal) => events(context),
        _ when request.Path.EndsWith("/cancel", StringComparison.Ordinal) => context.JsonAsync(200, JsonSerializer.Serialize(Wire.Run(RunVerdict.Cancelled, s_queued), Contracts.Json.ContractsJson.Default.RunView)),
        _ => context.ProblemAsync(404, "not_found"),
    });
}
