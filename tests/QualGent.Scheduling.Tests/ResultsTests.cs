using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using QualGent.Scheduling.Tests.Harness;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>What is kept of each execution, beside the job's verdict.</summary>
public sealed class ResultsTests(RedisFixture redis)
{
    private static readonly AttemptDetails s_details = new()
    {
        Device = "emulator-5554",
        Phases = new AttemptPhases { PreparingMs = 10, TestingMs = 400 },
        Events = ["#3 fileBegin", "#9 fileEnd failed"],
        Tests = [new TestCaseView { Title = "notes › \"ärger\"", Status = TestCaseStatus.Failed, Line = 3, DurationMs = 400, Errors = [new TestErrorView("line one\nline two")] }],
    };

    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Attempts_OfAFlakyJob_AreBothThere()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        _queue.Advance(TimeSpan.FromSeconds(5));
        var first = await AttemptAsync(device, JobOutcome.Failed);
        _queue.Advance(TimeSpan.FromSeconds(12));
        await _queue.SweepAsync();
        await AttemptAsync(device, JobOutcome.Passed);

        var attempts = await ReadAsync(run.JobIds[0]);

        Assert.Equal([(1, AttemptOutcome.Failed, VerdictCodes.Assertion), (2, AttemptOutcome.Passed, null)], attempts.Select(attempt => (attempt.Attempt, attempt.Outcome, attempt.Code)));
        Assert.Equal((5_000, 10, 400), (attempts[0].Phases.QueuedMs, attempts[0].Phases.PreparingMs, attempts[0].Phases.TestingMs));
        Assert.Equal((device.Id, "emulator-5554", "virtual", device.Agent, true), (attempts[0].DeviceId, attempts[0].Device, attempts[0].Provider, attempts[0].AgentId, attempts[0].Installed));
        Assert.Equal(TimeSpan.FromSeconds(2), attempts[0].FinishedAt - attempts[0].StartedAt);
        Assert.Equal("notes › \"ärger\"", attempts[0].Tests[0].Title);
        Assert.Equal("line one\nline two", attempts[0].Tests[0].Errors![0].Message);
        Assert.NotEqual(first, attempts[1].BatchId);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task Job_NamesTheEventsOfItsVerdict_AndNoneOfAnEarlierAttempt()
    {
        var device = (await _queue.AgentAsync())[0];
        var jobId = (await _queue.AcceptAsync(QueueHarness.Run())).JobIds[0];
        await AttemptAsync(device, JobOutcome.Failed);
        Assert.Equal((JobStatus.Queued, "#3 fileBegin #9 fileEnd failed"), await RestsOnAsync(jobId));

        await _queue.Jobs.CancelJobAsync(jobId, null, QueueHarness.Ct);
        Assert.Equal((JobStatus.Cancelled, null), await RestsOnAsync(jobId));

        jobId = (await _queue.AcceptAsync(QueueHarness.Run())).JobIds[0];
        await AttemptAsync(device, JobOutcome.Lost, LossCharge.Never, installed: null);
        Assert.Equal((JobStatus.Queued, "#3 fileBegin #9 fileEnd failed"), await RestsOnAsync(jobId));
        _queue.Advance(TimeSpan.FromSeconds(12));
        await _queue.SweepAsync();
        var job = (await device.ClaimAsync()).Jobs[0];
        Assert.Equal((JobStatus.Running, null), await RestsOnAsync(jobId));

        await device.FinishAsync(job);
        Assert.Equal((JobStatus.Passed, null), await RestsOnAsync(jobId));
    }

    [Fact]
    public async Task Report_SentTwice_IsOneAttempt()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        var report = new JobReport { Job = device.Handle(job), Outcome = JobOutcome.InstallFailed, Code = VerdictCodes.InstallFailed, Details = s_details };
        Assert.Equal(WriteStatus.Done, await _queue.Agents.FinishAsync(report, QueueHarness.Ct));
        Assert.Equal(WriteStatus.Duplicate, await _queue.Agents.FinishAsync(report, QueueHarness.Ct));

        var attempt = Assert.Single(await ReadAsync(run.JobIds[0]));

        Assert.Equal((AttemptOutcome.InstallFailed, null), (attempt.Outcome, attempt.StartedAt));
        Assert.Empty((await _queue.Results.ReadAsync([await _queue.JobAsync(run.JobIds[0]) with { Id = "job_00000000000000000000_0" }], QueueHarness.Ct))[0]);
    }

    [Fact]
    public async Task Reports_OfOneCall_TellOfTheInstallationOnlyWhatStillWaitsForIt()
    {
        await _queue.AcceptAsync(QueueHarness.Run(tests: 3));
        var device = (await _queue.AgentAsync())[0];
        var jobs = (await device.ClaimAsync()).Jobs;

        await _queue.Scripts.RunAsync("finish", [10_000, 60_000, 3, .. Report(jobs[0]), .. Report(jobs[1], "installed", 1)]);

        Assert.Equal([null, true, true], (await Task.WhenAll(jobs.Select(job => _queue.JobAsync(job.JobId)))).Select(job => job.Installed));
        Assert.Equal([jobs[2].JobId], (await device.ClaimAsync()).Jobs.Select(job => job.JobId));

        // As report.lua reads it.
        RedisValue[] Report(ClaimedJob job, params RedisValue[] said) => [job.JobId, job.Token, $"{device.Id} {device.Epoch} passed {said.Length}", .. said];
    }

    [Fact]
    public async Task Attempts_OfAJobThatIsLostAgainAndAgain_AreBounded()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        for (var i = 0; i < Limits.ResultsPerJob + 3; i++)
        {
            await AttemptAsync(device, JobOutcome.Lost, LossCharge.Never);
            _queue.Advance(TimeSpan.FromSeconds(12));
            await _queue.SweepAsync();
        }

        Assert.Equal(Limits.ResultsPerJob, (await ReadAsync(run.JobIds[0])).Count);
    }

    [Fact]
    public async Task Retention_AfterItsTime_TakesResultsAlong()
    {
        var run = await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        await AttemptAsync(device, JobOutcome.Passed);
        _queue.Advance(_queue.Options.Retention + TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();
        Assert.False(await redis.Connection.GetDatabase().KeyExistsAsync(_queue.Keys.Attempts(run.JobIds[0])));
    }

    private async Task<string> AttemptAsync(TestDevice device, JobOutcome outcome, LossCharge charge = LossCharge.WhenBegun, bool? installed = true)
    {
        var batch = await device.ClaimAsync();
        var job = batch.Jobs[0];
        await device.StartAsync(job);
        _queue.Advance(TimeSpan.FromSeconds(2));
        var code = outcome switch { JobOutcome.Passed => null, JobOutcome.Failed => VerdictCodes.Assertion, _ => VerdictCodes.Infrastructure };
        var report = new JobReport { Job = device.Handle(job), Outcome = outcome, Code = code, Installed = installed, Details = s_details, Charge = charge };
        Assert.Equal(WriteStatus.Done, await _queue.Agents.FinishAsync(report, QueueHarness.Ct));
        await device.BeatAsync();
        return batch.BatchId;
    }

    private async Task<(JobStatus Status, string? Events)> RestsOnAsync(string jobId)
    {
        var job = await _queue.JobAsync(jobId);
        return (job.Status, job.Events is { } events ? string.Join(' ', events) : null);
    }

    private async Task<IReadOnlyList<AttemptView>> ReadAsync(string jobId) => (await _queue.Results.ReadAsync([await _queue.JobAsync(jobId)], QueueHarness.Ct))[0];
}
