using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;

namespace QualGent.Scheduling.Redis;

/// <summary>Turns stored hashes into what clients see.</summary>
internal static class QueueViews
{
    /// <summary>A job; <paramref name="job"/> is empty when its run has not been expanded that far: then it is queued.</summary>
    public static JobView Job(string jobId, string runId, string testPath, RedisHash job, RedisHash run)
    {
        var needs = RequirementClass.Parse(run.Required("class"));
        var status = job.Enum<JobStatus>("status") ?? JobStatus.Queued;
        var claim = job.Text("claim")?.Split(' '); // as claim_of.lua writes it
        return new JobView
        {
            Id = jobId,
            RunId = runId,
            OrgId = run.Required("org"),
            AppVersionId = run.Required("app"),
            TestPath = testPath,
            Target = needs.Target,
            Platform = needs.Platform,
            Labels = needs.Labels.Count == 0 ? null : needs.Labels,
            Project = run.Text("project"),
            Bundle = run.Text("bundle"),
            AppDigest = run.Text("app_digest"),
            Reset = run.Required("reset"),
            Priority = job.Has("priority") ? job.Count("priority") : run.Count("priority"),
            AttachedTo = job.Text("attached_to"),
            Status = status,
            Phase = status == JobStatus.Running ? job.Enum<JobPhase>("phase") ?? JobPhase.Claimed : null,
            Flaky = status == JobStatus.Passed && job.Has("flaky"),
            Quarantined = run.Text("quarantined")?.Contains($" {jobId[(jobId.LastIndexOf('_') + 1)..]} ", StringComparison.Ordinal) ?? false,
            Code = job.Text("code"),
            Message = job.Text("message"),
            Attempts = job.Count("attempts"),
            AttemptsMax = run.Count("attempts_max"),
            InfrastructureLosses = job.Count("losses"),
            CreatedAt = run.Instant("created_ms")!.Value,
            StartedAt = job.Instant("started_ms"),
            FinishedAt = job.Instant("finished_ms"),
            NotBefore = job.Instant("not_before") ?? run.Instant("due_ms"),
            DeviceId = job.Text("device"),
            Provider = claim?[1],
            AgentId = claim?[0],
            BatchId = claim?[2],
            Installed = job.Text("installed") is { } installed ? installed == "1" : null,
            DurationMs = job.Number("duration_ms"),
            Tests = Counts(job.Text("tests")),
            Events = job.Text("events")?.Split('\n'),
        };
    }

    /// <summary>A run.</summary>
    public static RunView Run(string runId, RedisHash run) => Run(runId, run, RunOrigin.Parse(run.Text("origin")));

    private static RunView Run(string runId, RedisHash run, RunOrigin? origin) => new()
    {
        Id = runId,
        OrgId = run.Required("org"),
        Name = run.Text("name"),
        AppVersionId = run.Required("app"),
        Bundle = run.Text("bundle"),
        AppDigest = run.Text("app_digest"),
        Target = RequirementClass.Parse(run.Required("class")).Target,
        Priority = run.Count("priority"),
        State = run.Has("verdict") ? RunState.Ended : RunState.Open,
        Verdict = run.Enum<RunVerdict>("verdict"),
        Planned = run.Count("planned"),
        Counts = new(run.Count("queued"), run.Count("running"), run.Count("passed"), run.Count("failed"), run.Count("errored"), run.Count("cancelled"), run.Count("flaky")),
        CreatedAt = run.Instant("created_ms")!.Value,
        EndedAt = run.Instant("ended_ms"),
        ParentRunId = origin?.ParentRunId,
        Inherited = origin?.Inherited,
        CiAttempt = origin?.Attempt ?? 1,
        Quarantined = run.Text("quarantined_tests")?.Split('\n'),
        MatrixRunId = Ids.MatrixOf(runId),
    };

    /// <summary>A run as a cell of its matrix.</summary>
    public static MatrixCellView Cell(string runId, RedisHash run)
    {
        var (needs, view) = (RequirementClass.Parse(run.Required("class")), Run(runId, run));
        return new MatrixCellView(runId, needs.Target, needs.Platform, needs.Labels.Count == 0 ? null : needs.Labels, view.Verdict, view.Planned, view.Counts);
    }

    /// <summary>A device.</summary>
    public static DeviceView Device(string deviceId, RedisHash device, IReadOnlyList<string> jobIds, DateTimeOffset? leaseUntil)
    {
        // group: "acme|1.4.2|emulator/android" is shown as "acme/1.4.2"
        var group = device.Text("group")?.Split('|');
        var state = (device.Text("mode"), device.Text("duty")) switch
        {
            ("offline", _) => DeviceState.Offline,
            (_, "quarantined") => DeviceState.Quarantined,
            (_, "draining") => DeviceState.Draining,
            ("bound", _) => DeviceState.Busy,
            _ => DeviceState.Idle,
        };
        return new DeviceView
        {
            Id = deviceId,
            AgentId = device.Required("agent"),
            Host = device.Required("host"),
            Serial = device.Required("serial"),
            Provider = device.Required("provider"),
            Target = device.Required("target"),
            Platform = device.Required("platform"),
            Labels = Labels(device),
            State = state,
            Group = group is null ? null : $"{group[0]}/{group[1]}",
            InstalledDigest = device.Text("digest"),
            JobIds = jobIds,
            LeaseUntil = leaseUntil,
        };
    }

    /// <summary>Labels of a stored device.</summary>
    public static IReadOnlyDictionary<string, string> Labels(RedisHash device) =>
        JsonSerializer.Deserialize(device.Required("labels"), QueueJson.Default.DictionaryStringString) ?? [];

    // "3,1,0": passed, failed, skipped
    private static TestCounts? Counts(string? text) => text?.Split(',') is [var passed, var failed, var skipped]
        ? new(int.Parse(passed, CultureInfo.InvariantCulture), int.Parse(failed, CultureInfo.InvariantCulture), int.Parse(skipped, CultureInfo.InvariantCulture))
        : null;
}
