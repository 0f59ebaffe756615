using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using QualGent.Worker.Results;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>What is told of each execution beside its verdict.</summary>
public sealed partial class BatchRun
{
    private readonly LiveTests _live;
    private long? _preparedAt;

    /// <summary>Test code, dependencies and app are there.</summary>
    public void Prepared() => _preparedAt = _time.GetTimestamp();

    /// <summary>The job's file has begun and has so many tests.</summary>
    public void BeginTests(ClaimedJob job, int planned) => _live.Begin(Handle(job), job.Attempt, planned);

    /// <summary>A test of the file that runs has ended.</summary>
    public void EndTest(TestCaseView test) => _live.End(test);

    /// <summary>The job's file has ended; whether it passed may not be certain yet.</summary>
    public void EndFile(ClaimedJob job)
    {
        if (_held.TryGetValue(job.JobId, out var held) && held.State == HeldState.Begun)
        {
            held.EndedAt = _time.GetTimestamp();
        }
    }

    /// <summary>The batch ends before the job's file is judged: how far its tests got.</summary>
    public void KeepCases(ClaimedJob job, IReadOnlyList<TestCaseView> cases)
    {
        if (_held.TryGetValue(job.JobId, out var held))
        {
            held.Cases = cases;
        }
    }

    private AttemptDetails Details(HeldJob held, FileVerdict verdict)
    {
        var now = _time.GetTimestamp();
        var phases = new AttemptPhases
        {
            PreparingMs = Ms(_claimedAt, _preparedAt),
            WaitingMs = Ms(_preparedAt, held.BegunAt),
            InstallingMs = (long?)verdict.InstallTime?.TotalMilliseconds,
            TestingMs = Ms(held.BegunAt, held.EndedAt ?? now),
            ReportingMs = Ms(held.EndedAt, now),
        };
        return BoundedDetails.Fit(new AttemptDetails { Device = Slot.Profile.Serial, Phases = phases, Events = verdict.Events.Count > 0 ? verdict.Events : null, Tests = verdict.Cases }, Logs.Mask);
    }

    private long? Ms(long? from, long? to) => from is { } begin && to is { } end ? (long)_time.GetElapsedTime(begin, end).TotalMilliseconds : null;
}
