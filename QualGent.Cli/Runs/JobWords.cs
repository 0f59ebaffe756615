using QualGent.Cli.Output;
using QualGent.Contracts;

namespace QualGent.Cli.Runs;

/// <summary>Jobs in words and tones.</summary>
internal static class JobWords
{
    /// <summary>E.g. <c>passed</c>, <c>retrying</c>, or the phase of a running job.</summary>
    public static string State(JobView job) => job switch
    {
        { Status: JobStatus.Queued, Attempts: > 0 } or { Status: JobStatus.Queued, InfrastructureLosses: > 0 } => "retrying",
        { Status: JobStatus.Queued } => "queued",
        { Status: JobStatus.Running, Phase: JobPhase.Testing or null } => "running",
        { Status: JobStatus.Running, Phase: { } phase } => Lower(phase.ToString()),
        { Status: JobStatus.Passed, Flaky: true } => "flaky",
        _ => Lower(job.Status.ToString()),
    };

    public static Tone ToneOf(JobView job) => job.Status switch
    {
        JobStatus.Passed => job.Flaky ? Tone.Warning : Tone.Good,
        JobStatus.Failed or JobStatus.Errored => Tone.Bad,
        JobStatus.Cancelled => Tone.Warning,
        JobStatus.Running => Tone.Active,
        _ => job.Attempts > 0 ? Tone.Warning : Tone.Faint,
    };

    /// <summary>What a line about a change adds, e.g. <c>  on emulator-5554, attempt 2 of 2, 3.1s</c>.</summary>
    public static string Details(JobView job, DeviceNames devices)
    {
        var parts = new List<string>();
        if (job.DeviceId is not null && job.Status != JobStatus.Queued)
        {
            parts.Add("on " + SafeText.Line(devices.Of(job.DeviceId)));
        }

        if (job.Quarantined)
        {
            parts.Add("in quarantine");
        }

        if (job.Code is not null && job.Status is not (JobStatus.Passed or JobStatus.Running))
        {
            parts.Add(SafeText.Line(job.Code));
        }

        if (Attempt(job) is { Length: > 0 } attempt)
        {
            parts.Add(attempt);
        }

        if (job.DurationMs is { } ms && job.Status != JobStatus.Running)
        {
            parts.Add(TextForm.Duration(TimeSpan.FromMilliseconds(ms)));
        }

        return parts.Count == 0 ? "" : "  " + string.Join(", ", parts);
    }

    /// <summary>E.g. <c>attempt 2 of 3</c>; nothing for a first attempt. A finished job has used its last attempt up, a running one has not.</summary>
    public static string Attempt(JobView job)
    {
        var number = job.Status == JobStatus.Running ? job.Attempts + 1 : job.Attempts;
        return number > 1 || (number == 1 && job.Status == JobStatus.Queued) ? $"attempt {number} of {job.AttemptsMax}" : "";
    }

    /// <summary>E.g. <c>3/7 tests</c> or <c>3/7 tests, 1 failed</c> of the file that runs; nothing while nothing is known.</summary>
    public static string Tests(TestProgress? progress) => progress is not { Planned: var planned, Ended: var (passed, failed, skipped) }
        ? ""
        : $"{passed + failed + skipped}/{TextForm.Count(planned, "test")}" + (failed == 0 ? "" : $", {failed} failed");

    public static string Lower(string word) => word.ToLowerInvariant();
}
