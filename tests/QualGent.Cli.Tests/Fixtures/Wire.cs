using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Tests.Fixtures;

/// <summary>Documents as the API sends them.</summary>
internal static class Wire
{
    public const string RunId = "run_01k9zq3v5n7xw2c8rt4m";
    private static readonly DateTimeOffset s_created = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static JobView Job(int index, JobStatus status, string test = "tests/login.spec.ts", string? message = null, string? code = null) => new()
    {
        Id = $"job_01k9zq3v5n7xw2c8rt4m_{index}",
        RunId = RunId,
        OrgId = "qualgent",
        AppVersionId = "xyz123",
        TestPath = test,
        Target = "emulator",
        Platform = "android",
        Reset = "clear",
        Priority = 5,
        Status = status,
        Code = code,
        Message = message,
        AttemptsMax = 2,
        Attempts = status.IsTerminal() ? 1 : 0,
        CreatedAt = s_created,
        DeviceId = status == JobStatus.Queued ? null : "dev_00000000000000000001",
        Provider = status == JobStatus.Queued ? null : "virtual",
        BatchId = status == JobStatus.Queued ? null : "bat_01k9zq3v5n7xw2c8rt4m",
        Installed = status.IsTerminal() ? true : null,
        DurationMs = status.IsTerminal() ? 1234 : null,
    };

    public static RunView Run(RunVerdict? verdict, params IReadOnlyCollection<JobView> jobs)
    {
        int Of(JobStatus status) => jobs.Count(job => job.Status == status);
        return new RunView
        {
            Id = RunId,
            OrgId = "qualgent",
            AppVersionId = "xyz123",
            Target = "emulator",
            Priority = 5,
            State = verdict is null ? RunState.Open : RunState.Ended,
            Verdict = verdict,
            Planned = jobs.Count,
            Counts = new RunCounts(Of(JobStatus.Queued), Of(JobStatus.Running), Of(JobStatus.Passed), Of(JobStatus.Failed), Of(JobStatus.Errored), Of(JobStatus.Cancelled), 0),
            CreatedAt = s_created,
            EndedAt = verdict is null ? null : s_created.AddSeconds(9),
        };
    }

    public static string Accepted(JobView job) => JsonSerializer.Serialize(new SubmitJobResponse(job, []), ContractsJson.Default.SubmitJobResponse);

    public static string Event(RunEventKind kind, string cursor, RunView? run, params IReadOnlyList<JobView> jobs)
    {
        var item = new RunEvent { Kind = kind, Cursor = cursor, Run = run, Jobs = jobs };
        var name = kind switch { RunEventKind.Snapshot => "snapshot", RunEventKind.Job => "job", _ => "run_ended" };
        return $"event: {name}\nid: {cursor}\ndata: {JsonSerializer.Serialize(item, ContractsJson.Default.RunEvent)}\n\n";
    }

    /// <summary>So many tests of the file have ended.</summary>
    public static string Tests(string cursor, string jobId, int planned, int passed, int failed)
    {
        var progress = new TestProgress { JobId = jobId, Attempt = 1, Planned = planned, Ended = new TestCounts(passed, failed, 0), Tests = [] };
        return $"event: tests\nid: {cursor}\ndata: {JsonSerializer.Serialize(new RunEvent { Kind = RunEventKind.Tests, Cursor = cursor, Progress = progress }, ContractsJson.Default.RunEvent)}\n\n";
    }

    public static string Devices(params string[] targets)
    {
        var devices = targets.Select((target, i) => new DeviceView
        {
            Id = $"dev_0000000000000000000{i + 1}",
            AgentId = "agt_1",
            Host = "bench",
            Serial = $"emulator-555{i}",
            Provider = "virtual",
            Target = target,
            Platform = "android",
            Labels = new Dictionary<string, string>(),
            State = DeviceState.Idle,
            JobIds = [],
        });
        return JsonSerializer.Serialize(new DeviceList([.. devices]), ContractsJson.Default.DeviceList);
    }
}
