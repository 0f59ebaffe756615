using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Model;

namespace QualGent.Scheduling.Tests.Harness;

/// <summary>Turns numbers into operations on a queue and its model, which compares the two.</summary>
internal sealed class QueueStory(QueueHarness queue, int seed)
{
    private static readonly string[] s_agents = ["agent-a", "agent-b"];
    private static readonly string[] s_orgs = ["acme", "a.b-c+d_e"];
    private static readonly PauseScope[] s_scopes = [new(), .. s_orgs.Select(org => new PauseScope { OrgId = org }), .. s_orgs.Select(org => new PauseScope { OrgId = org, AppVersionId = "v2" })];
    private readonly CheckedQueue _queue = new(queue);
    private readonly List<JobReport> _reports = [];
    private readonly Random _random = new(seed);
    private int _keys;

    /// <summary>What has happened, in words.</summary>
    public List<string> Told { get; } = [];

    public async Task BeginAsync()
    {
        foreach (var agent in s_agents)
        {
            await RegisterAsync(agent);
        }

        foreach (var org in s_orgs)
        {
            await _queue.AddHookAsync(org);
        }

        await CheckAsync();
    }

    public async Task<string> StepAsync(int number)
    {
        var (verb, detail) = (number % 32, number / 32);
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
            25 => await PauseAsync(detail),
            26 => detail % 3 > 0 ? await ShareAsync(detail) : await QuarantineAsync(detail / 3),
            27 => await _queue.DeliverAsync(detail),
            28 => await RenewAsync(detail),
            29 => await LookAsync(detail),
            30 => await AgainAsync(detail),
            _ => await FleetAsync(detail),
        };
        Told.Add(told);
        return told;
    }

    public Task CheckAsync() => _queue.CheckAsync();

    /// <summary>Lets everything run to its end: nothing may be stuck.</summary>
    public async Task DrainAsync()
    {
        foreach (var agent in s_agents)
        {
            await RegisterAsync(agent);
            await CheckAsync();
        }

        await EndRestrictionsAsync();
        for (var round = 0; round < 200 && _queue.Model.Jobs.Values.Any(job => !job.Status.IsTerminal()); round++)
        {
            foreach (var device in _queue.Model.Devices.Keys)
            {
                await ClaimAsync(device);
                await CheckAsync();
                foreach (var job in _queue.Model.Held(device).ToList())
                {
                    await ReportAsync(job, JobOutcome.Passed, null);
                    await CheckAsync();
                }
            }

            queue.Advance(TimeSpan.FromSeconds(5));
            await SweepAsync();
            await CheckAsync();
        }

        await _queue.CheckEventsAsync();
        Assert.All(_queue.Model.Parts.Values, job => Assert.True(job.Status.IsTerminal(), $"{_queue.Name(job.Id)} is stuck"));
    }

    private async Task<string> AcceptAsync(int detail)
    {
        var run = QueueHarness.Run(
            tests: 1 + (detail % 4), org: s_orgs[detail / 4 % 2], app: detail / 8 % 3 == 0 ? "v1" : "v2", priority: detail / 16 % 10,
            attempts: 1 + (detail / 160 % 3), project: detail / 480 % 3 == 0 ? "i|ö ✓" : null) with
        {
            QueueTimeout = TimeSpan.FromSeconds(300),
            NotBefore = detail % 7 == 0 ? DateTimeOffset.FromUnixTimeMilliseconds(queue.NowMs + 20_000) : null,
            FailFast = detail % 5 == 0,
            Lease = detail % 9 == 0 ? TimeSpan.FromSeconds(60) : null,
            RunTimeout = detail % 11 == 0 ? TimeSpan.FromSeconds(100) : null,
        };
        if (detail / 1440 % 2 == 0)
        {
            run = run with { Dedup = true, Bundle = "b", NotBefore = null, Project = null, AttemptsMax = 2 };
        }
        else if (detail % 6 == 5)
        {
            run = run.Of([run, run with { Tests = [.. run.Tests.Take(1)], Project = "second" }]);
        }

        var accepted = await _queue.AcceptAsync(run, NewKey());
        return $"accept {run.Planned} in {Math.Max(1, run.Cells.Count)} cells of {run.OrgId} {run.AppVersionId} priority {run.Priority} as {_queue.Name(accepted.RunId)}{(run.Dedup ? $", {accepted.Attached.Count} attached" : "")}";
    }

    private async Task<string> ClaimAsync(string device) =>
        await _queue.ClaimAsync(device, _queue.Model.Devices[device].Epoch) is ClaimResult.Claimed { Batch.Jobs: var jobs }
            ? $"{_queue.Name(device)} claims {string.Join(' ', jobs.Select(job => _queue.Name(job.JobId)))}"
            : $"{_queue.Name(device)} claims nothing";

    private async Task<string> StartAsync(int detail)
    {
        if (AnyHeld(detail) is not { } job)
        {
            return "nothing to start";
        }

        await _queue.BeginAsync(Handle(job));
        return $"start {_queue.Name(job.Id)}";
    }

    private async Task<string> FinishAsync(int detail, JobOutcome outcome, string? code, LossCharge charge = LossCharge.WhenBegun)
    {
        if (AnyHeld(detail) is not { } job)
        {
            return "nothing to finish";
        }

        await ReportAsync(job, outcome, code, charge);
        return $"finish {_queue.Name(job.Id)} {outcome} {charge}";
    }

    private async Task ReportAsync(ModelJob job, JobOutcome outcome, string? code, LossCharge charge = LossCharge.WhenBegun)
    {
        var report = new JobReport { Job = Handle(job), Outcome = outcome, Code = code, Duration = TimeSpan.FromSeconds(5), Charge = charge };
        Assert.Equal(WriteStatus.Done, await _queue.FinishAsync(report));
        _reports.Add(report);
    }

    private async Task<string> ReleaseAsync(int detail) =>
        AnyHeld(detail) is { } job ? $"release {_queue.Name(job.Id)}: {await _queue.ReleaseAsync(Handle(job))}" : "nothing to release";

    private async Task<string> BeatAsync(int detail)
    {
        var device = Device(detail);
        var held = _queue.Model.Held(device).ToDictionary(job => job.Id, job => job.Token);
        held["job_unknown"] = 1;
        await _queue.BeatAsync(_queue.Model.Devices[device].Agent, [new DeviceBeat(device, _queue.Model.Devices[device].Epoch, held, null)]);
        return $"beat of {_queue.Name(device)}";
    }

    private async Task<string> CancelAsync(int detail)
    {
        if (AnyPart(detail) is not { } job)
        {
            return "nothing to cancel";
        }

        if (detail % 5 > 0)
        {
            await _queue.CancelJobAsync(job.Id);
            return $"cancel {_queue.Name(job.Id)}";
        }

        var run = detail % 2 == 0 ? Ids.MatrixOf(job.RunId) ?? job.RunId : job.RunId;
        await _queue.CancelRunAsync(run);
        return $"cancel {_queue.Name(run)}";
    }

    private async Task<string> RenewAsync(int detail)
    {
        if (_queue.Model.Wholes.Count == 0)
        {
            return "nothing to renew";
        }

        var run = _queue.Model.Wholes.Keys.ElementAt(detail % _queue.Model.Wholes.Count);
        await _queue.RenewAsync(run);
        return $"renew {_queue.Name(run)}";
    }

    private async Task<string> LookAsync(int detail)
    {
        if (AnyPart(detail) is not { } job)
        {
            return "nothing to look at";
        }

        await _queue.LookAsync(job);
        return $"look at {_queue.Name(job.Id)}";
    }

    private async Task<string> AgainAsync(int detail)
    {
        if (AnyPart(detail) is not { } job)
        {
            return "nothing to do again";
        }

        return $"again {_queue.Name(job.Id)}: {await _queue.RepeatAsync(job, wholeRun: detail % 2 == 0, NewKey()) ?? "it cannot be"}";
    }

    private string Advance(TimeSpan by)
    {
        queue.Advance(by);
        return $"wait {by}";
    }

    private async Task<string> SweepAsync()
    {
        await _queue.SweepAsync();
        return "sweep";
    }

    // 11 and 12: a repeated or stale call changes nothing at all.
    private async Task<string> RepeatAsync(int detail)
    {
        if (_reports.Count == 0)
        {
            return "nothing to repeat";
        }

        var report = _reports[detail % _reports.Count];
        Assert.NotEqual(WriteStatus.Done, await _queue.FinishAsync(report));
        var wrong = report.Job with { Token = 1 };
        Assert.Equal(WriteStatus.Stale, await _queue.FinishAsync(report with { Job = wrong }));
        Assert.Equal(WriteStatus.Stale, await _queue.BeginAsync(wrong));
        Assert.IsType<ClaimResult.Fenced>(await _queue.ClaimAsync(wrong.DeviceId, wrong.Epoch - 1));
        return $"repeat the report of {_queue.Name(report.Job.JobId)}";
    }

    private async Task<string> FleetAsync(int detail)
    {
        var agent = s_agents[detail % 2];
        if (detail / 2 % 4 > 0)
        {
            await RegisterAsync(agent);
            return $"{agent} begins a new life";
        }

        await _queue.UnregisterAsync(agent);
        return $"{agent} leaves";
    }

    private async Task RegisterAsync(string agent)
    {
        var registration = QueueHarness.Registration(agent, 2);
        foreach (var device in registration.Devices)
        {
            _queue.Name(device.DeviceId, device.Serial);
        }

        Assert.Empty((await _queue.RegisterAsync(registration)).Refused);
    }

    // Twice as often ended as begun, so that stories go on.
    private async Task<string> PauseAsync(int detail)
    {
        var scope = s_scopes[detail % s_scopes.Length];
        var begins = detail / s_scopes.Length % 3 == 0;
        await _queue.ControlAsync(control => begins ? control.PauseAsync(scope, QueueHarness.Ct) : ResumedAsync(control, scope));
        return $"{(begins ? "pause" : "resume")} {scope.OrgId ?? "everything"} {scope.AppVersionId}";
    }

    private async Task<string> ShareAsync(int detail)
    {
        var org = s_orgs[detail % s_orgs.Length];
        var change = new OrgChange { Weight = 0.1 * (1 + (detail / 2 % 40)), Cap = detail / 80 % 3 == 0 ? 1 + (detail / 240 % 3) : Limits.CapMax };
        await _queue.ControlAsync(control => control.ChangeOrgAsync(org, change, QueueHarness.Ct));
        return string.Create(CultureInfo.InvariantCulture, $"{org} has weight {change.Weight:0.0} and cap {change.Cap}");
    }

    private async Task<string> QuarantineAsync(int detail)
    {
        var (org, test) = (s_orgs[detail % s_orgs.Length], $"tests/t{detail / 2 % 3}.spec.ts");
        return $"{test} of {org} is in quarantine: {await _queue.QuarantineAsync(org, test)}";
    }

    private async Task EndRestrictionsAsync()
    {
        foreach (var scope in s_scopes)
        {
            await _queue.ControlAsync(control => control.ResumeAsync(scope, QueueHarness.Ct));
            await CheckAsync();
        }

        foreach (var org in s_orgs)
        {
            await _queue.ControlAsync(control => control.ChangeOrgAsync(org, new OrgChange { Cap = Limits.CapMax }, QueueHarness.Ct));
            await CheckAsync();
        }
    }

    private static async Task<PauseList?> ResumedAsync(IQueueControl control, PauseScope scope) => await control.ResumeAsync(scope, QueueHarness.Ct);

    private string Device(int detail) => _queue.Model.Devices.Keys.Order(StringComparer.Ordinal).ElementAt(detail % _queue.Model.Devices.Count);

    private ModelPart? AnyPart(int detail) => _queue.Model.Parts.Count == 0 ? null : _queue.Model.Parts.Values.ElementAt(detail % _queue.Model.Parts.Count);

    private IdempotencyKey NewKey() => new(string.Create(CultureInfo.InvariantCulture, $"key-{++_keys}"), "hash");

    private ModelJob? AnyHeld(int detail)
    {
        var held = _queue.Model.Jobs.Values.Where(job => job.Status == JobStatus.Running).ToList();
        return held.Count == 0 ? null : held[detail % held.Count];
    }

    private JobHandle Handle(ModelJob job) => new(job.Id, job.Token, job.Device!, _queue.Model.Devices[job.Device!].Epoch);
}
