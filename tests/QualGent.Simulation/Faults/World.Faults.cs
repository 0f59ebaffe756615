using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Checking;

namespace QualGent.Simulation.Faults;

// What comes from outside: submissions, operators, accidents.
internal sealed partial class World
{
    private static readonly string[] s_orgs = ["acme", "a.b-c+d_e", "zen"];
    private static readonly string[] s_apps = ["v1", "v2", "v3", "bad"];

    private async Task<string> InjectAsync(Random random)
    {
        _agenda.Pass(random.Next(1, 1000));
        _queue.Repeats = random.Next(4) == 0;
        var agent = _agents[random.Next(_agents.Count)];
        switch (random.Next(100))
        {
            case < 28:
                return await SubmitAsync(random);
            case < 34:
                return await CancelAsync(random, wholeRun: false);
            case < 36:
                return await CancelAsync(random, wholeRun: true);
            case < 43:
                agent.Crash();
                agent.Start(random.Next(500, 60_000));
                return $"{agent.Id} crashes";
            case < 50:
                agent.Freeze(random.Next(2000, 90_000));
                return $"{agent.Id} freezes";
            case < 54:
                return Jump(random.Next(2000, 200_000));
            case < 57:
                return Jump(-random.Next(100, 3000));
            case < 63:
                return agent.Kill(agent.Devices[random.Next(agent.Devices.Count)]);
            case < 70:
                agent.LosesAnswer = true;
                return $"{agent.Id} will miss an answer";
            case < 78:
                _queue.Repeats = true;
                return $"twice: {await _agenda.NextAsync(random)}";
            case < 82:
                _silentUntilMs = _agenda.NowMs + random.Next(2000, 40_000);
                return "hints are lost";
            case < 85:
                _sweepAfterMs = _agenda.NowMs + random.Next(5000, 60_000);
                return "nobody sweeps";
            case < 89:
                return await ImposeAsync(random);
            case < 91:
                return await StealAsync(random);
            case < 97:
                return await OperateAsync(random);
            default:
                return _crash is null ? await SubmitAsync(random) : await CrashStoreAsync(_crash);
        }
    }

    private async Task<string> SubmitAsync(Random random)
    {
        var needs = random.Next(10) switch
        {
            < 6 => new RequirementClass(Targets.Emulator, Platforms.Android),
            < 8 => new RequirementClass(Targets.Emulator, Platforms.Android, new Dictionary<string, string> { ["os"] = "14" }),
            _ => new RequirementClass(Targets.Device, Platforms.Android),
        };
        var run = new RunSubmission
        {
            OrgId = s_orgs[random.Next(s_orgs.Length)],
            AppVersionId = s_apps[random.Next(10) < 9 ? random.Next(3) : 3],
            Priority = random.Next(10),
            Class = needs,
            Project = random.Next(6) == 0 ? "i|ö ✓" : null,
            Reset = random.Next(6) == 0 ? ResetModes.Full : ResetModes.Clear,
            AttemptsMax = random.Next(1, 4),
            Timeout = TimeSpan.FromMinutes(10),
            QueueTimeout = random.Next(8) == 0 ? TimeSpan.FromMinutes(3) : TimeSpan.FromHours(24),
            Tests = [.. Enumerable.Range(0, random.Next(60) == 0 ? 210 : random.Next(1, 8)).Select(index => $"tests/t{index}.spec.ts")],
        };
        if (random.Next(3) == 0)
        {
            // Few kinds, so that many are equal.
            run = run with { Dedup = true, Bundle = "b", Project = null, Reset = ResetModes.Clear, AttemptsMax = 2, AppVersionId = run.AppVersionId == "bad" ? "bad" : "v1", OrgId = s_orgs[random.Next(2)] };
        }
        else if (random.Next(8) == 0)
        {
            // One kind of device that all have, and one that few have.
            run = run.Of([run with { Class = new RequirementClass(Targets.Emulator, Platforms.Android) }, run with { Class = new RequirementClass(Targets.Emulator, Platforms.Android, new Dictionary<string, string> { ["os"] = "14" }) }]);
        }

        var accepted = await _queue.AcceptAsync(run, new IdempotencyKey(string.Create(CultureInfo.InvariantCulture, $"key-{++_keys}"), "hash"));
        return $"{_queue.Name(accepted.RunId)}: {run.Planned} in {Math.Max(1, run.Cells.Count)} cells of {run.OrgId} {run.AppVersionId} {run.Class.Text} priority {run.Priority}{(run.Dedup ? $", {accepted.Attached.Count} attached" : "")}";
    }

    private async Task<string> CancelAsync(Random random, bool wholeRun)
    {
        if (_queue.Model.Parts.Count == 0)
        {
            return "nothing to cancel";
        }

        var job = _queue.Model.Parts.Values.ElementAt(random.Next(_queue.Model.Parts.Count));
        if (wholeRun)
        {
            var run = random.Next(2) == 0 ? Ids.MatrixOf(job.RunId) ?? job.RunId : job.RunId;
            await _queue.CancelRunAsync(run);
            return $"cancel {_queue.Name(run)}";
        }

        await _queue.CancelJobAsync(job.Id);
        return $"cancel {_queue.Name(job.Id)}";
    }

    private string Jump(int ms)
    {
        _agenda.Jump(ms);
        return string.Create(CultureInfo.InvariantCulture, $"the clock jumps by {ms / 1000.0:0.0} s");
    }

    // 11: somebody guesses: wrong tokens, wrong epochs, other devices, unknown ones. Nothing may change, which the queue's model sees to.
    private async Task<string> ImposeAsync(Random random)
    {
        var jobs = _queue.Model.Jobs.Values.Where(job => job.Device is not null).ToList();
        if (jobs.Count == 0)
        {
            return "nobody to impose on";
        }

        var job = jobs[random.Next(jobs.Count)];
        var device = _queue.Model.Devices.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(_queue.Model.Devices.Count));
        var epoch = _queue.Model.Devices[job.Device!].Epoch;
        JobHandle[] guesses = [new(job.Id, job.Token + 1, job.Device!, epoch), new(job.Id, job.Token, job.Device!, epoch - 1), new(job.Id, job.Token, "dev_unknown", epoch), new(job.Id, device == job.Device ? 1 : job.Token, device, _queue.Model.Devices[device].Epoch)];
        foreach (var guess in guesses)
        {
            InvariantException.Require(await _queue.FinishAsync(new JobReport { Job = guess, Outcome = JobOutcome.Failed, Code = VerdictCodes.Assertion }) != WriteStatus.Done, "a guessed report counts");
            InvariantException.Require(await _queue.BeginAsync(guess) == WriteStatus.Stale, "a guessed begin counts");
            InvariantException.Require(await _queue.ReleaseAsync(guess) != WriteStatus.Done, "a guessed release counts");
            InvariantException.Require(await _queue.ClaimAsync(guess.DeviceId, guess.Epoch - 1) is ClaimResult.Fenced, "a guessed claim counts");
        }

        return $"somebody guesses about {_queue.Name(job.Id)}";
    }

    // Another agent claims to be the owner of a device, as after its host lost the state folder.
    private async Task<string> StealAsync(Random random)
    {
        var victim = _agents[random.Next(_agents.Count)];
        var profile = victim.Devices[random.Next(victim.Devices.Count)].Profile;
        var result = await _queue.RegisterAsync(new AgentRegistration { AgentId = "thief", Name = "thief", Host = victim.Id, Devices = [profile], KeepsOthers = true });
        return $"a thief {(result.Accepted.Count > 0 ? "gets" : "wants")} {profile.Serial}";
    }

    private static async Task<string> CrashStoreAsync(Func<Task> crash)
    {
        await crash();
        return "Redis is killed and starts again";
    }
}
