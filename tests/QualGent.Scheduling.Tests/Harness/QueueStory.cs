using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;

namespace QualGent.Scheduling.Tests.Harness;

/// <summary>Turns numbers into operations on a queue and on its model, and compares the two.</summary>
internal sealed class QueueStory(QueueHarness queue, int seed)
{
    private static readonly string[] s_agents = ["agent-a", "agent-b"];
    private readonly QueueModel _model = new(queue.Options.LeaseDuration, queue.Options.OutageAfter);
    private readonly Dictionary<string, RunSubmission> _runs = [];
    private readonly List<(TestDevice Device, JobReport Report)> _reports = [];
    private readonly Random _random = new(seed);
    private int _named;

    /// <summary>What has happened, in words.</summary>
    public List<string> Told { get; } = [];

    public async Task BeginAsync()
    {
        foreach (var agent in s_agents)
        {
            await RegisterAsync(agent);
        }
    }

    public async Task<string> StepAsync(int number)
    {
        var (verb, detail) = (number % 26, number / 26);
        var told = verb switch
        {
            0 or 1 => await AcceptAsync(detail),
            2 or 3 or 4 or 5 or 6 => await ClaimAsync(Device(detail)),
            7 or 8 => await StartAsync(detail),
            9 or 10 => await FinishAsync(detail, JobOutcome.Passed, null),
            11 => await FinishAsync(detail, JobOutcome.Failed, VerdictCodes.Assertion),
            12 => await FinishAsync(detail, JobOutcome.Failed, VerdictCodes.LoadError),
            13 => await FinishAsync(detail, JobOutcome.Errored, VerdictCodes.RunnerError),
            14 => await FinishAsync(detail, JobOutcome.Lost, VerdictCodes.Infrastructure, (LossCharge)(detail / 8 % 3)),
            15 => await FinishAsync(detail, JobOutcome.InstallFailed, VerdictCodes.InstallFailed),
            16 => await FinishAsync(detail, JobOutcome.RunAlone, null),
            17 => await ReleaseAsync(detail),
            18 => await BeatAsync(detail),
            19 => await CancelAsync(detail),
            20 => Advance(TimeSpan.FromMilliseconds(_random.Next(3000))),
            21 => Advance(TimeSpan.FromSeconds(_random.Next(1, detail % 8 == 0 ? 200 : 40))),
            22 or 23 => await SweepAsync(),
            24 => await RepeatAsync(detail),
            _ => await FleetAsync(detail),
        };
        Told.Add(told);
        return told;
    }

    /// <summary>Compares every job with the model and checks the invariants.</summary>
    public async Task CheckAsync()
    {
        await queue.Invariants.CheckAsync(_runs.Keys);
        var jobs = (await queue.Jobs.ListJobsAsync(new JobQuery { Limit = 10_000 }, QueueHarness.Ct)).Jobs;
        Assert.Equal(_model.Jobs.Count, jobs.Count);
        foreach (var job in jobs)
        {
            var expected = _model.Jobs[job.Id];
            if (job is { Status: JobStatus.Errored, Code: VerdictCodes.InstallFailed } && _model.InstallFailures.Contains(expected.Group))
            {
                expected.Status = JobStatus.Errored; // when a build is to blame depends on who could serve it: InstallFailureTests
            }

            Assert.Equal((job.Id, expected.Status, expected.Attempts, expected.Losses), (job.Id, job.Status, job.Attempts, job.InfrastructureLosses));
        }
    }

    /// <summary>Lets everything run to its end: nothing may be stuck.</summary>
    public async Task DrainAsync()
    {
        foreach (var agent in s_agents)
        {
            await RegisterAsync(agent);
        }

        for (var round = 0; round < 200 && _model.Jobs.Values.Any(job => !job.Status.IsTerminal()); round++)
        {
            foreach (var device in _model.Devices.Keys)
            {
                await ClaimAsync(device);
                foreach (var job in _model.Held(device).ToList())
                {
                    await ReportAsync(job, JobOutcome.Passed, null);
                }
            }

            queue.Advance(TimeSpan.FromSeconds(5));
            await SweepAsync();
            await CheckAsync();
        }

        Assert.All(_model.Jobs.Values, job => Assert.True(job.Status.IsTerminal(), $"{job.Id} is stuck\n{string.Join('\n', Told)}"));
        Assert.All(await Task.WhenAll(_runs.Keys.Select(queue.RunAsync)), run => Assert.Equal(RunState.Ended, run.State));
    }

    private async Task<string> AcceptAsync(int detail)
    {
        var run = QueueHarness.Run(
            tests: 1 + (detail % 4), org: detail / 4 % 2 == 0 ? "acme" : "a.b-c+d_e", app: detail / 8 % 3 == 0 ? "v1" : "v2", priority: detail / 16 % 10,
            attempts: 1 + (detail / 160 % 3), project: detail / 480 % 3 == 0 ? "i|ö ✓" : null) with
        { QueueTimeout = TimeSpan.FromSeconds(300) };
        var key = new IdempotencyKey($"key-{++_named}", "hash");
        var accepted = await queue.AcceptAsync(run, key);
        var again = await queue.AcceptAsync(run, key);
        Assert.True(again is { Replayed: true } && again.RunId == accepted.RunId && again.JobIds.SequenceEqual(accepted.JobIds));
        _runs[accepted.RunId] = run;
        var lane = new Lane(run);
        for (var i = 0; i < run.Tests.Count; i++)
        {
            _model.Jobs[accepted.JobIds[i]] = new ModelJob
            {
                Id = accepted.JobIds[i],
                Lane = lane.Text,
                Group = lane.Group,
                File = run.Tests[i],
                AttemptsMax = run.AttemptsMax,
                QueueTimeoutMs = (long)run.QueueTimeout.TotalMilliseconds,
                QueuedMs = queue.NowMs,
            };
        }

        return $"accept {run.Tests.Count} of {lane.Text} priority {run.Priority} as {accepted.RunId}";
    }

    private async Task<string> ClaimAsync(string device)
    {
        var known = _model.Devices[device];
        var result = await Test(device).TryClaimAsync();
        if (!known.Online)
        {
            Assert.IsType<ClaimResult.Fenced>(result);
            return $"{device} is fenced";
        }

        _model.Beat(device, queue.NowMs);
        var held = _model.Held(device).ToList();
        if (result is not ClaimResult.Claimed { Batch: var batch })
        {
            Assert.IsType<ClaimResult.Empty>(result);
            Assert.Empty(held);
            return $"{device} claims nothing";
        }

        if (held.Count > 0)
        {
            Assert.Equal(held.Select(job => (job.Id, job.Token)).Order(), batch.Jobs.Select(job => (job.JobId, job.Token)).Order());
            return $"{device} holds {batch.Jobs.Count} already";
        }

        var jobs = batch.Jobs.Select(job => _model.Jobs[job.JobId]).ToList();
        Assert.Single(jobs.Select(job => job.Lane).Distinct());
        Assert.Equal(jobs.Count, jobs.Select(job => job.File).Distinct().Count());
        Assert.True(jobs.Count == 1 || !jobs.Exists(job => job.Alone), "a job marked alone is not alone");
        foreach (var (job, claimed) in jobs.Zip(batch.Jobs))
        {
            Assert.Equal(JobStatus.Queued, job.Status);
            Assert.True(claimed.Token > job.Token, "the token did not rise");
            (job.Status, job.Device, job.Token, job.Begun) = (JobStatus.Running, device, claimed.Token, false);
        }

        return $"{device} claims {string.Join(' ', jobs.Select(job => job.Id))}";
    }

    private async Task<string> StartAsync(int detail)
    {
        if (AnyHeld(detail) is not { } job)
        {
            return "nothing to start";
        }

        await queue.Agents.SetPhaseAsync([Handle(job)], JobPhase.Testing, QueueHarness.Ct);
        job.Begun = true;
        return $"start {job.Id}";
    }

    private async Task<string> FinishAsync(int detail, JobOutcome outcome, string? code, LossCharge charge = LossCharge.WhenBegun)
    {
        if (AnyHeld(detail) is not { } job)
        {
            return "nothing to finish";
        }

        await ReportAsync(job, outcome, code, charge);
        return $"finish {job.Id} {outcome} {charge}";
    }

    private async Task ReportAsync(ModelJob job, JobOutcome outcome, string? code, LossCharge charge = LossCharge.WhenBegun)
    {
        var report = new JobReport { Job = Handle(job), Outcome = outcome, Code = code, Duration = TimeSpan.FromSeconds(5), Charge = charge };
        Assert.Equal(WriteStatus.Done, await queue.Agents.FinishAsync(report, QueueHarness.Ct));
        _reports.Add((Test(job.Device!), report));
        job.Reported = job.Token;
        if (outcome == JobOutcome.RunAlone && job.Alone)
        {
            outcome = JobOutcome.Errored;
        }

        if (job.Cancel && outcome is not (JobOutcome.Passed or JobOutcome.Failed))
        {
            job.Status = JobStatus.Cancelled;
            return;
        }

        switch (outcome)
        {
            case JobOutcome.Passed:
                job.Attempts++;
                job.Status = JobStatus.Passed;
                break;
            case JobOutcome.Failed or JobOutcome.Errored:
                job.Attempts++;
                if (code is not null && VerdictCodes.Retried(code) && job.Attempts < job.AttemptsMax && !job.Cancel)
                {
                    QueueModel.Retry(job, queue.NowMs);
                }
                else
                {
                    job.Status = outcome == JobOutcome.Failed ? JobStatus.Failed : JobStatus.Errored;
                }

                break;
            case JobOutcome.Lost:
                QueueModel.Lose(job, queue.NowMs, charge);
                break;
            case JobOutcome.RunAlone:
                job.Alone = true;
                QueueModel.Requeue(job);
                break;
            case JobOutcome.InstallFailed:
                _model.InstallFailures.Add(job.Group);
                QueueModel.Requeue(job);
                break;
        }
    }

    private async Task<string> ReleaseAsync(int detail)
    {
        if (AnyHeld(detail) is not { } job)
        {
            return "nothing to release";
        }

        var status = (await queue.Agents.ReleaseAsync([Handle(job)], QueueHarness.Ct))[0];
        Assert.Equal(job.Begun ? WriteStatus.Stale : WriteStatus.Done, status);
        if (!job.Begun)
        {
            job.Reported = job.Token;
            QueueModel.Requeue(job);
        }

        return $"release {job.Id}: {status}";
    }

    private async Task<string> BeatAsync(int detail)
    {
        var device = Device(detail);
        var held = _model.Held(device).ToList();
        var reply = (await queue.Agents.HeartbeatAsync(
            new Heartbeat(_model.Devices[device].Agent, [new DeviceBeat(device, _model.Devices[device].Epoch, new Dictionary<string, long>(held.ToDictionary(job => job.Id, job => job.Token)) { ["job_unknown"] = 1 }, null)]), QueueHarness.Ct))[0];
        Assert.Equal(!_model.Devices[device].Online, reply.Fenced);
        Assert.Contains("job_unknown", reply.LostJobIds);
        if (!reply.Fenced)
        {
            _model.Beat(device, queue.NowMs);
            Assert.Single(reply.LostJobIds);
            Assert.Equal(held.Where(job => job.Cancel).Select(job => job.Id).Order(), reply.CancelJobIds.Order());
        }

        return $"beat of {device}";
    }

    private async Task<string> CancelAsync(int detail)
    {
        if (_model.Jobs.Count == 0)
        {
            return "nothing to cancel";
        }

        var job = _model.Jobs.Values.ElementAt(detail % _model.Jobs.Count);
        if (detail % 5 > 0)
        {
            await queue.Jobs.CancelJobAsync(job.Id, null, QueueHarness.Ct);
            QueueModel.Cancel(job);
            return $"cancel {job.Id}";
        }

        Assert.True(Ids.TryParseJob(job.Id, out var run, out _));
        await queue.Jobs.CancelRunAsync(run, "not needed", QueueHarness.Ct);
        foreach (var (id, mate) in _model.Jobs)
        {
            if (Ids.TryParseJob(id, out var other, out _) && other == run)
            {
                QueueModel.Cancel(mate);
            }
        }

        return $"cancel {run}";
    }

    private string Advance(TimeSpan by)
    {
        queue.Advance(by);
        return $"wait {by}";
    }

    private async Task<string> SweepAsync()
    {
        await queue.SweepAsync();
        _model.Sweep(queue.NowMs);
        return "sweep";
    }

    // 11 and 12: a repeated or stale call changes nothing at all.
    private async Task<string> RepeatAsync(int detail)
    {
        if (_reports.Count == 0)
        {
            return "nothing to repeat";
        }

        var (device, report) = _reports[detail % _reports.Count];
        var before = await queue.Invariants.DigestAsync();
        var isLast = _model.Jobs[report.Job.JobId].Reported == report.Job.Token;
        Assert.Equal(isLast ? WriteStatus.Duplicate : WriteStatus.Stale, await queue.Agents.FinishAsync(report, QueueHarness.Ct));
        var wrong = report.Job with { Token = 1 };
        Assert.Equal(WriteStatus.Stale, await queue.Agents.FinishAsync(report with { Job = wrong }, QueueHarness.Ct));
        Assert.Equal(WriteStatus.Stale, (await queue.Agents.SetPhaseAsync([wrong], JobPhase.Testing, QueueHarness.Ct))[0]);
        Assert.IsType<ClaimResult.Fenced>(await (device with { Epoch = device.Epoch - 1 }).TryClaimAsync());
        Assert.Equal(before, await queue.Invariants.DigestAsync());
        return $"repeat the report of {report.Job.JobId}";
    }

    private async Task<string> FleetAsync(int detail)
    {
        var agent = s_agents[detail % 2];
        switch (detail / 2 % 4)
        {
            case 0:
                await queue.Agents.UnregisterAsync(agent, QueueHarness.Ct);
                foreach (var device in _model.Devices.Where(device => device.Value.Agent == agent && device.Value.Online).Select(device => device.Key).ToList())
                {
                    _model.TakeBack(device, queue.NowMs);
                }

                return $"{agent} leaves";
            default:
                await RegisterAsync(agent);
                return $"{agent} begins a new life";
        }
    }

    private async Task RegisterAsync(string agent)
    {
        foreach (var device in await queue.AgentAsync(agent, 2))
        {
            if (_model.Devices.TryGetValue(device.Id, out var known))
            {
                Assert.True(device.Epoch > known.Epoch, "the epoch did not rise");
                _model.TakeBack(device.Id, queue.NowMs);
            }

            _model.Devices[device.Id] = new ModelDevice { Agent = agent, Epoch = device.Epoch, Online = true };
            _model.Beat(device.Id, queue.NowMs);
        }
    }

    private string Device(int detail) => _model.Devices.Keys.Order(StringComparer.Ordinal).ElementAt(detail % _model.Devices.Count);

    private ModelJob? AnyHeld(int detail)
    {
        var held = _model.Jobs.Values.Where(job => job.Status == JobStatus.Running).ToList();
        return held.Count == 0 ? null : held[detail % held.Count];
    }

    private TestDevice Test(string device) => new(queue, _model.Devices[device].Agent, device, _model.Devices[device].Epoch);

    private JobHandle Handle(ModelJob job) => new(job.Id, job.Token, job.Device!, _model.Devices[job.Device!].Epoch);
}
