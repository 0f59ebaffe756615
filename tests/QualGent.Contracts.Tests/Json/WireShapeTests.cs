using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Tests.Json;

/// <summary>The wire format, letter by letter: a renamed property breaks clients, so it breaks these first.</summary>
public sealed class WireShapeTests
{
    private static readonly DateTimeOffset s_instant = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly JobView s_job = new()
    {
        Id = "job_x_0",
        RunId = "run_x",
        OrgId = "qualgent",
        AppVersionId = "xyz123",
        TestPath = "tests/a.spec.js",
        Target = "emulator",
        Platform = "android",
        Reset = "clear",
        Priority = 5,
        Status = JobStatus.Queued,
        AttemptsMax = 2,
        CreatedAt = s_instant,
    };

    private static readonly RunView s_run = new()
    {
        Id = "run_x",
        OrgId = "qualgent",
        AppVersionId = "xyz123",
        Target = "emulator",
        Priority = 5,
        State = RunState.Ended,
        Verdict = RunVerdict.Incomplete,
        Planned = 1,
        Counts = new RunCounts(1, 2, 3, 4, 5, 6, 7),
        CreatedAt = s_instant,
        EndedAt = s_instant,
    };

    [Fact]
    public void JobView_Queued_LeavesOutWhatIsUnknown() => AssertShape(s_job, ContractsJson.Default.JobView, """
        {"id":"job_x_0","run_id":"run_x","org_id":"qualgent","app_version_id":"xyz123","test_path":"tests/a.spec.js","target":"emulator",
        "platform":"android","reset":"clear","priority":5,"status":"queued","flaky":false,"quarantined":false,"attempts":0,"attempts_max":2,
        "infrastructure_losses":0,"created_at":"2026-01-02T03:04:05+00:00"}
        """);

    [Fact]
    public void JobView_Ended_CarriesVerdictAndEvidence()
    {
        var ended = s_job with
        {
            Labels = new Dictionary<string, string> { ["os"] = "14" },
            Project = "android",
            Status = JobStatus.Failed,
            Phase = JobPhase.Reporting,
            Flaky = true,
            Code = VerdictCodes.Assertion,
            Message = "expected 1",
            Attempts = 2,
            InfrastructureLosses = 1,
            StartedAt = s_instant,
            FinishedAt = s_instant,
            NotBefore = s_instant,
            DeviceId = "dev_1",
            Provider = "virtual",
            AgentId = "agt_1",
            BatchId = "bat_1",
            Installed = true,
            DurationMs = 1200,
            Tests = new TestCounts(1, 2, 3),
            Events = ["#3 fileBegin", "#9 fileEnd failed"],
        };
        AssertShape(ended, ContractsJson.Default.JobView, """
            {"id":"job_x_0","run_id":"run_x","org_id":"qualgent","app_version_id":"xyz123","test_path":"tests/a.spec.js","target":"emulator",
            "platform":"android","labels":{"os":"14"},"project":"android","reset":"clear","priority":5,"status":"failed","phase":"reporting",
            "flaky":true,"quarantined":false,"code":"assertion","message":"expected 1","attempts":2,"attempts_max":2,"infrastructure_losses":1,
            "created_at":"2026-01-02T03:04:05+00:00","started_at":"2026-01-02T03:04:05+00:00","finished_at":"2026-01-02T03:04:05+00:00",
            "not_before":"2026-01-02T03:04:05+00:00","device_id":"dev_1","provider":"virtual","agent_id":"agt_1","batch_id":"bat_1",
            "installed":true,"duration_ms":1200,"tests":{"passed":1,"failed":2,"skipped":3},"events":["#3 fileBegin","#9 fileEnd failed"]}
            """);
    }

    [Fact]
    public void RunView_Ended_HasVerdictAndCounts() => AssertShape(s_run, ContractsJson.Default.RunView, """
        {"id":"run_x","org_id":"qualgent","app_version_id":"xyz123","target":"emulator","priority":5,"state":"ended","verdict":"incomplete",
        "planned":1,"counts":{"queued":1,"running":2,"passed":3,"failed":4,"errored":5,"cancelled":6,"flaky":7},
        "created_at":"2026-01-02T03:04:05+00:00","ended_at":"2026-01-02T03:04:05+00:00","ci_attempt":1}
        """);

    [Fact]
    public void RunEvent_RunEnded_IsSnakeCase() => AssertShape(
        new RunEvent { Kind = RunEventKind.RunEnded, Cursor = "17-0" }, ContractsJson.Default.RunEvent, """{"kind":"run_ended","cursor":"17-0"}""");

    [Fact]
    public void JobPage_LastPage_HasNoCursor() => AssertShape(new JobPage([], null), ContractsJson.Default.JobPage, """{"jobs":[]}""");

    [Fact]
    public void SubmitRunResponse_NamesJobIdsAndWarnings()
    {
        var json = JsonSerializer.SerializeToElement(new SubmitRunResponse(s_run, ["job_x_0"], ["careful"]), ContractsJson.Default.SubmitRunResponse);

        Assert.Equal(["run", "job_ids", "warnings"], json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void SubmitJobResponse_OfAnAttachedJob_NamesTheOtherOne()
    {
        var response = new SubmitJobResponse(s_job with { AttachedTo = "job_y_1" }, [], [new AttachedJob("job_x_0", "tests/a.spec.js", "job_y_1", "run_y")]);

        var json = JsonSerializer.SerializeToElement(response, ContractsJson.Default.SubmitJobResponse);

        Assert.Equal("""[{"job_id":"job_x_0","test_path":"tests/a.spec.js","attached_to":"job_y_1","run_id":"run_y"}]""", json.GetProperty("attached").GetRawText());
        Assert.Equal("job_y_1", json.GetProperty("job").GetProperty("attached_to").GetString());
        Assert.False(json.GetProperty("job").TryGetProperty("work_id", out _));
    }

    [Fact]
    public void Problem_WithErrors_HasOurExtensions() => AssertShape(
        new Problem { Title = "T", Status = 422, Code = ProblemCodes.InvalidRequest, Errors = [new("org_id", "is required")] },
        ContractsJson.Default.Problem,
        """{"title":"T","status":422,"code":"invalid_request","errors":[{"field":"org_id","message":"is required"}]}""");

    [Fact]
    public void DeviceList_RoundTrips() => AssertRoundTrip(
        new DeviceList(
        [
            new DeviceView
            {
                Id = "dev_1", AgentId = "agt_1", Host = "h", Serial = "s", Provider = "virtual", Target = "emulator", Platform = "android",
                Labels = new Dictionary<string, string> { ["os"] = "14" }, State = DeviceState.Quarantined, JobIds = ["job_x_0"], LeaseUntil = s_instant,
            },
        ]),
        ContractsJson.Default.DeviceList,
        """{"devices":[{"id":"dev_1","agent_id":"agt_1","host":"h","serial":"s","provider":"virtual","target":"emulator","platform":"android","labels":{"os":"14"},"state":"quarantined","job_ids":["job_x_0"],"lease_until":"2026-01-02T03:04:05+00:00"}]}""");

    [Fact]
    public void RunEvent_OfTests_RoundTrips() => AssertRoundTrip(
        new RunEvent
        {
            Kind = RunEventKind.Tests,
            Cursor = "17-0",
            Progress = new TestProgress
            {
                JobId = "job_x_0",
                Attempt = 2,
                Planned = 4,
                Ended = new TestCounts(1, 0, 1),
                Tests = [new TestCaseView { Title = "a › b", Status = TestCaseStatus.TimedOut, Line = 7, DurationMs = 12, Retries = 1 }],
            },
        },
        ContractsJson.Default.RunEvent,
        """{"kind":"tests","cursor":"17-0","progress":{"job_id":"job_x_0","attempt":2,"planned":4,"ended":{"passed":1,"failed":0,"skipped":1},"tests":[{"title":"a \u203A b","status":"timed_out","line":7,"duration_ms":12,"retries":1}]}}""");

    [Fact]
    public void QueueView_RoundTrips() => AssertRoundTrip(
        new QueueView { Queued = 1, Delayed = 2, Running = 3, DevicesIdle = 4, DevicesBusy = 5, Groups = [new QueueGroupView { OrgId = "o", AppVersionId = "v", Class = "emulator/android", Queued = 6, Devices = 7, OldestWaitMs = 8 }] },
        ContractsJson.Default.QueueView,
        """{"queued":1,"delayed":2,"running":3,"devices_idle":4,"devices_busy":5,"groups":[{"org_id":"o","app_version_id":"v","class":"emulator/android","queued":6,"devices":7,"oldest_wait_ms":8}],"paused":[]}""");

    [Theory]
    [InlineData("""{"priority":7}""", 7)]
    [InlineData("""{"priority":"high"}""", 7)]
    [InlineData("""{"priority":"3"}""", 3)]
    [InlineData("""{"priority":null}""", null)]
    [InlineData("{}", null)]
    public void SubmitJobRequest_Priority_TakesNumbersAndNames(string json, int? expected) =>
        Assert.Equal(expected, JsonSerializer.Deserialize(json, ContractsJson.Default.SubmitJobRequest)!.Priority);

    [Theory]
    [InlineData("""{"priority":1.5}""")]
    [InlineData("""{"priority":true}""")]
    [InlineData("""{"priority":"soon"}""")]
    [InlineData("""{"priority":99999999999}""")]
    public void SubmitJobRequest_PriorityOfAnotherKind_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Default.SubmitJobRequest));

    [Theory]
    [InlineData("""{"status":1}""")]
    [InlineData("""{"status":"paused"}""")]
    public void JobStatus_NumberOrUnknownName_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Default.JobView));

    [Fact]
    public void SubmitRunRequest_RoundTrips() => AssertShape(
        new SubmitRunRequest { OrgId = "o", AppVersionId = "v", Name = "n", Priority = 9, Tests = ["a.js"], AttemptsMax = 1, TimeoutSeconds = 2, QueueTimeoutSeconds = 3 },
        ContractsJson.Default.SubmitRunRequest,
        """{"name":"n","tests":["a.js"],"org_id":"o","app_version_id":"v","priority":9,"attempts_max":1,"timeout_seconds":2,"queue_timeout_seconds":3}""");

    // Long shapes are broken into lines here; the wire has none.
    private static void AssertShape<T>(T value, JsonTypeInfo<T> type, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings(""), JsonSerializer.Serialize(value, type));

    private static void AssertRoundTrip<T>(T value, JsonTypeInfo<T> type, string expected)
    {
        AssertShape(value, type, expected);
        Assert.Equal(expected, JsonSerializer.Serialize(JsonSerializer.Deserialize(expected, type)!, type));
    }
}
