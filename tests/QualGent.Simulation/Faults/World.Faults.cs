using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Checking;

namespace QualGent.Simulation.Faults;

// What befalls agents, devices, clocks, answers and the store.
internal sealed partial class World
{
    private async Task<string> BefallAsync(Random random)
    {
        Faults++;
        var agent = _agents[random.Next(_agents.Count)];
        switch (random.Next(56))
        {
            case < 6:
                agent.Crash();
                agent.Start(random.Next(500, 60_000));
                return $"{agent.Id} crashes";
            case < 8:
                return await agent.LeaveAsync(random.Next(500, 400_000));
            case < 14:
                agent.Freeze(random.Next(2000, 90_000));
                return $"{agent.Id} freezes";
            case < 18:
                return Jump(random.Next(2000, 200_000));
            case < 21:
                return Jump(-random.Next(100, 3000));
            case < 27:
                return agent.Kill(agent.Devices[random.Next(agent.Devices.Count)]);
            case < 34:
                agent.LosesAnswer = true;
                return $"{agent.Id} will miss an answer";
            case < 41:
                _queue.Repeats = true;
                return $"twice: {await _agenda.NextAsync(random)}";
            case < 45:
                _silentUntilMs = _agenda.NowMs + random.Next(2000, 40_000);
                return "hints are lost";
            case < 48:
                _sweepAfterMs = _agenda.NowMs + random.Next(5000, 60_000);
                return "nobody sweeps";
            case < 52:
                return await ImposeAsync(random);
            case < 54:
                return await StealAsync(random);
            default:
                return _crash is null ? await StealAsync(random) : await CrashStoreAsync(_crash);
        }
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
