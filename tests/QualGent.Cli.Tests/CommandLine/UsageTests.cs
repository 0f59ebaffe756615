using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.CommandLine;

public sealed class UsageTests
{
    private static readonly string[] s_complete = ["submit", "--org-id=acme", "--app-version-id=v1", "--test=tests/a.spec.js"];

    [Theory]
    [InlineData("", 0, "Commands:")]
    [InlineData("--help", 0, "Exit codes:")]
    [InlineData("submit --help", 0, "--test='tests/**/*.spec.ts' --wait")]
    [InlineData("status --help", 0, "qgjob status --job-id=")]
    [InlineData("list --help", 0, "qgjob list --status=failed")]
    [InlineData("watch --help", 0, "qgjob watch run_")]
    [InlineData("cancel --help", 0, "qgjob cancel run_")]
    [InlineData("device", 0, "qgjob device list")]
    [InlineData("artifact", 0, "qgjob artifact list")]
    [InlineData("artifact download --help", 0, "--name")]
    [InlineData("artifact list", 2, "Which job or run?")]
    [InlineData("run report run_01k9zq3v5n7xw2c8rt4m --format=pdf", 2, "--format 'pdf' is unknown; use one of junit, html.")]
    [InlineData("agent", 0, "qgjob agent list")]
    [InlineData("queue --help", 0, "qgjob queue show")]
    [InlineData("queue pause --app-version-id=v1", 2, "--org-id is required with app_version_id.")]
    [InlineData("queue resume --org-id=*", 2, "--org-id must be 1 to 64 letters")]
    [InlineData("why run_01k9zq3v5n7xw2c8rt4m", 2, "why is about one job")]
    [InlineData("why --help", 0, "qgjob why --job-id=")]
    [InlineData("device drain", 2, "Required argument")]
    [InlineData("sumbit", 2, "submit")]
    [InlineData("status", 2, "Which job or run?")]
    [InlineData("status a b", 2, "'b'")]
    [InlineData("status a --job-id=b", 2, "not several")]
    [InlineData("status --job-id=", 2, "--job-id has no value.")]
    [InlineData("status --run-id=job_1", 2, "is a job, not a run")]
    [InlineData("cancel --job-id=run_1", 2, "is a run, not a job")]
    [InlineData("status --jobid=x", 2, "Did you mean --job-id?")]
    [InlineData("list --status=done", 2, "'done' is unknown; use one of queued, running, passed")]
    [InlineData("list --status=1", 2, "'1' is unknown")]
    [InlineData("list --limit=0", 2, "it must be from 1 to 500")]
    [InlineData("list --limit=5 --all", 2, "has no meaning with --all")]
    [InlineData("list --target=toaster", 2, "'toaster' is unknown")]
    [InlineData("run", 0, "rerun-failed")]
    [InlineData("run watch", 2, "Which run?")]
    [InlineData("run show job_01k9zq3v5n7xw2c8rt4m_0", 2, "is a job, not a run")]
    [InlineData("run cancel --job-id=job_1", 2, "There is no option --job-id.")]
    [InlineData("run report a --run-id=b", 2, "Name one run, not several.")]
    [InlineData("run report a --output=/nowhere/at/all.xml", 2, "The report cannot be written")]
    [InlineData("run list --colour=x", 2, "See: qgjob run list --help")]
    [InlineData("config", 0, "qgjob config set api_url")]
    [InlineData("config set api_url ftp://host", 2, "Write it as http://host:port")]
    [InlineData("config set api_url http://host", 2, "There is no folder for your configuration.")]
    [InlineData("config set colour red", 2, "api_url")]
    [InlineData("config set", 2, "See: qgjob config set --help")]
    [InlineData("completion bash", 0, "complete -o default -F _qgjob qgjob")]
    [InlineData("completion powershell", 2, "'fish'")]
    [InlineData("completion", 2, "See: qgjob completion --help")]
    [InlineData("run watch --run-id=", 2, "See: qgjob run watch --help")]
    [InlineData("run rerun-failed run_1 --wait-timeout=5m", 2, "See: qgjob run rerun-failed --help")]
    [InlineData("run list --verdict=green", 2, "'green' is unknown; use one of passed, failed, errored, incomplete, cancelled")]
    [InlineData("run list --limit=5 --all", 2, "has no meaning with --all")]
    [InlineData("device lst", 2, "list")]
    [InlineData("status x --api-url=nonsense", 2, "'nonsense' from --api-url is not usable")]
    [InlineData("status x --api-url=ftp://host", 2, "Write it as http://host:port")]
    public async Task Run_CommandLine_EndsAsTold(string line, int exitCode, string text)
    {
        var outcome = await Qgjob.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(text, exitCode == 0 ? outcome.Out : outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", exitCode == 0 ? outcome.Error : outcome.Out);
    }

    [Theory]
    [InlineData("--priority=11", "--priority is 11; it must be from 0 to 9.")]
    [InlineData("--priority=-1", "--priority is -1; it must be from 0 to 9.")]
    [InlineData("--priority=soon", "--priority 'soon' is unknown; write 0 to 9, or one of low (2), normal (5), high (7), urgent (9).")]
    [InlineData("--target=toaster", "--target 'toaster' is unknown; use one of emulator, device, browserstack, simulated.")]
    [InlineData("--platform=symbian", "--platform 'symbian' is unknown")]
    [InlineData("--reset=never", "--reset 'never' is unknown; use one of full, clear.")]
    [InlineData("--attempts=0", "--attempts is 0; it must be from 1 to 10.")]
    [InlineData("--attempts=two", "--attempts 'two' is not a whole number.")]
    [InlineData("--timeout=0", "--timeout is 0; it must be from 1 to 14400 seconds (4 h).")]
    [InlineData("--timeout=5x", "--timeout '5x' is not a time; write seconds (90)")]
    [InlineData("--queue-timeout=8d", "--queue-timeout '8d' is not a time")]
    [InlineData("--not-before=soon", "--not-before 'soon' is not an instant; write e.g. 2026-11-22T20:00:00Z.")]
    [InlineData("--not-before=9999-12-31T00:00:00Z", "--not-before is more than 30 days ahead.")]
    [InlineData("--label=os", "--label 'os' has no value; write name=value, e.g. os=14.")]
    [InlineData("--label=os=14|--label=os=15", "--label 'os' is given twice.")]
    [InlineData("--label=o s=1", "--label 'o s=1': names and values are")]
    [InlineData("--matrix=os", "--matrix 'os' has no value; write name=value, e.g. os=14.")]
    [InlineData("--matrix=os=14|--matrix=os=14", "--matrix asks for the same devices as a cell before.")]
    [InlineData("--matrix=target=toaster", "--matrix 'toaster' is unknown; use one of emulator,")]
    [InlineData("--test=../other/a.spec.js", "--test '../other/a.spec.js' must be relative to the project folder")]
    [InlineData("--test=/etc/passwd", "--test '/etc/passwd' must be relative")]
    [InlineData("--test=", "--test has no value.")]
    [InlineData("--test|", "--test is required.")]
    [InlineData("--idempotency-key=a b", "--idempotency-key must be 1 to 128 printable ASCII characters")]
    [InlineData("--wait-timeout=5m", "--wait-timeout has no meaning without --wait.")]
    [InlineData("--no-device-timeout=5m", "--no-device-timeout has no meaning without --wait.")]
    [InlineData("--wiat", "There is no option --wiat. Did you mean --wait?")]
    public async Task Submit_Mistake_EndsWithTwoBeforeAnyRequest(string more, string text)
    {
        await using var api = await StubApi.StartAsync((context, _) => context.JsonAsync(201, Wire.Accepted(Wire.Job(0, Contracts.JobStatus.Queued))));
        var outcome = await Qgjob.RunAsync([.. s_complete, .. more.Split('|'), "--api-url=" + api.Address]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(text, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task Submit_PatternThatMatchesTooManyTests_EndsWithTwoBeforeAnyRequest()
    {
        using var project = new TempProject(["appwright.config.ts", .. Enumerable.Range(0, Contracts.Limits.TestsPerRun + 1).Select(i => $"tests/t{i}.spec.ts")]);
        await using var api = await StubApi.StartAsync((context, _) => context.JsonAsync(500, "{}"));
        var outcome = await Qgjob.RunAsync(["submit", "--org-id=qualgent", "--app-version-id=xyz123", "--test=tests/*.spec.ts", "--api-url=" + api.Address], project.Root);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("2001", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task Submit_SeveralMistakes_AreReportedInOneGo()
    {
        var outcome = await Qgjob.RunAsync(["submit", "--priority=11", "--target=toaster", "--timeout=x", "--label=os"]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("7 mistakes, nothing was sent:", outcome.Error, StringComparison.Ordinal);
        foreach (var option in (string[])["--priority", "--target", "--timeout", "--label", "--org-id", "--app-version-id", "--test"])
        {
            Assert.Contains($"  {option} ", outcome.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("qgjob submit --org-id=qualgent --app-version-id=xyz123 --test=tests/onboarding.spec.js")]
    [InlineData("qgjob submit --org-id qualgent --app-version-id xyz123 --test ./tests/onboarding.spec.js --priority high --label os=14 --attempts 3 --timeout 90s")]
    public async Task Submit_AsTheChallengeWritesIt_PostsOneJob(string line)
    {
        await using var api = await StubApi.StartAsync((context, _) => context.JsonAsync(201, Wire.Accepted(Wire.Job(0, Contracts.JobStatus.Queued, "tests/onboarding.spec.js"))));
        var outcome = await Qgjob.RunAsync([.. line.Split(' ').Skip(1), "--api-url=" + api.Address]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("job_01k9zq3v5n7xw2c8rt4m_0  queued  tests/onboarding.spec.js\n", outcome.Out);
        var request = Assert.Single(api.Requests);
        Assert.Equal(("POST", "/v1/jobs"), (request.Method, request.Path));
        Assert.Contains("\"test_path\":\"tests/onboarding.spec.js\"", request.Body, StringComparison.Ordinal);
        Assert.NotEmpty(request.IdempotencyKey!);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", request.TraceParent);
        if (line.Contains("--priority", StringComparison.Ordinal))
        {
            Assert.Contains("\"priority\":7", request.Body, StringComparison.Ordinal);
            Assert.Contains("\"labels\":{\"os\":\"14\"}", request.Body, StringComparison.Ordinal);
            Assert.Contains("\"attempts_max\":3", request.Body, StringComparison.Ordinal);
            Assert.Contains("\"timeout_seconds\":90", request.Body, StringComparison.Ordinal);
        }
    }
}
