using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using QualGent.Simulation.Checking;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Model;

// The agent's side. Callers may know an old epoch or token: what must then be answered follows from the model.
internal sealed partial class CheckedQueue
{
    /// <summary>Registers, and compares who got what.</summary>
    public async Task<RegisterResult> RegisterAsync(AgentRegistration agent)
    {
        var result = await queue.Agents.RegisterAsync(agent, CancellationToken.None);
        var refused = Model.Register(agent.AgentId, [.. agent.Devices.Select(device => device.DeviceId)], agent.KeepsOthers, NowMs);
        Require(refused.Count == result.Refused.Count && refused.All(pair => result.Refused.GetValueOrDefault(pair.Key) == pair.Value), $"{agent.AgentId} is refused {result.Refused.Count} devices, the model says {refused.Count}");
        Require(result.Accepted.Count + result.Refused.Count == agent.Devices.Count, $"{agent.AgentId} registered {agent.Devices.Count} devices and hears of {result.Accepted.Count + result.Refused.Count}");
        foreach (var (id, epoch) in result.Accepted)
        {
            Require(epoch > Model.Devices[id].Epoch, $"the epoch of {Name(id)} did not rise above {Model.Devices[id].Epoch}: {epoch}");
            Model.Devices[id].Epoch = epoch;
        }

        return result;
    }

    public async Task UnregisterAsync(string agent)
    {
        await queue.Agents.UnregisterAsync(agent, CancellationToken.None);
        Model.Unregister(agent, NowMs);
    }

    /// <summary>Claims, and asks whether the device may have what it got, or may have got nothing.</summary>
    public async Task<ClaimResult> ClaimAsync(string device, long epoch)
    {
        Func<Task<ClaimResult>> claim = () => queue.Agents.ClaimAsync(device, epoch, CancellationToken.None);
        if (!Model.IsOwned(device, epoch))
        {
            var fenced = await UnchangedAsync(claim);
            Require(fenced is ClaimResult.Fenced, $"{Name(device)} claims under epoch {epoch}, which does not stand, and is answered {fenced}");
            return fenced;
        }

        var held = Model.Held(device).ToList();
        var result = await claim();
        Model.Beat(device, NowMs);
        switch (result)
        {
            case ClaimResult.Claimed { Batch: var batch } when held.Count > 0:
                Require(held.Select(job => (job.Id, job.Token)).Order().SequenceEqual(batch.Jobs.Select(job => (job.JobId, job.Token)).Order()), $"{Name(device)} holds other jobs than the model says");
                break;
            case ClaimResult.Claimed { Batch: var batch }:
                Claimed(device, batch);
                break;
            default:
                Require(result is ClaimResult.Empty && held.Count == 0, $"{Name(device)} holds {held.Count} jobs and is answered {result}");
                Judge(placement => placement.CheckEmpty(device));
                break;
        }

        var again = await TwiceAsync(result, claim);
        Require(again.GetType() == result.GetType(), $"{Name(device)} claims again and is answered {again} instead of {result}");
        return result;
    }

    public async Task<WriteStatus> BeginAsync(JobHandle job)
    {
        var expected = Model.Begin(job);
        var status = await WriteAsync($"beginning {Name(job.JobId)}", expected, async () => (await queue.Agents.SetPhaseAsync([job], JobPhase.Testing, CancellationToken.None))[0]);
        if (status == WriteStatus.Done)
        {
            var printed = new LogPiece(Model.Jobs[job.JobId].Attempts + 1, 1, ["it begins"], IsLast: false, []);
            await WriteAsync($"printing of {Name(job.JobId)}", status, () => queue.Log.AppendAsync(job, printed, CancellationToken.None));
            await KeepAsync(job, 1);
        }

        await ShowTestsAsync(job);
        return status;
    }

    public async Task<WriteStatus> FinishAsync(JobReport report)
    {
        var job = Model.Jobs.GetValueOrDefault(report.Job.JobId); // an agent may have been away for longer than anything is kept
        var couldServe = job is null ? 0 : await queue.Scripts.Database.SetLengthAsync($"{queue.Keys.Prefix}class:{job.Group.Split('|')[2]}");
        var begun = job is { Begun: true };
        var expected = Model.Finish(report, (int)couldServe, NowMs);
        var status = await WriteAsync($"reporting {Name(report.Job.JobId)} {report.Outcome}", expected, () => queue.Agents.FinishAsync(report, CancellationToken.None));
        if (status == WriteStatus.Done && begun)
        {
            await KeepAsync(report.Job, 2); // what was begun may be completed, whatever became of the job
        }

        await ShowTestsAsync(report.Job);
        return status;
    }

    private Task<WriteStatus> KeepAsync(JobHandle job, int revision)
    {
        var artifacts = new ExecutionArtifacts(Model.Jobs[job.JobId].Attempts + 1, Pending: revision == 1, []);
        return WriteAsync($"artifacts {revision} of {Name(job.JobId)}", WriteStatus.Done, () => queue.Artifacts.KeepAsync(job, revision, artifacts, CancellationToken.None));
    }

    public async Task<WriteStatus> ReleaseAsync(JobHandle job)
    {
        var expected = Model.Release(job);
        return await WriteAsync($"releasing {Name(job.JobId)}", expected, async () => (await queue.Agents.ReleaseAsync([job], CancellationToken.None))[0]);
    }

    /// <summary>Beats, and compares device by device.</summary>
    public async Task<IReadOnlyList<BeatReply>> BeatAsync(string agent, IReadOnlyList<DeviceBeat> beats)
    {
        var replies = await queue.Agents.HeartbeatAsync(new Heartbeat(agent, beats), CancellationToken.None);
        Require(replies.Count == beats.Count, $"{agent} beats for {beats.Count} devices and hears of {replies.Count}");
        foreach (var (beat, reply) in beats.Zip(replies))
        {
            Beaten(agent, beat, reply);
        }

        return replies;
    }

    // Who watches hears of tests from nobody but the holder; it changes nothing else, and nobody repeats it.
    private async Task ShowTestsAsync(JobHandle job)
    {
        var progress = new TestProgress { JobId = job.JobId, Attempt = 1, Planned = 2, Ended = new TestCounts(1, 0, 0), Tests = [] };
        Func<Task<WriteStatus>> show = () => queue.Agents.ShowTestsAsync(job, progress, CancellationToken.None);
        var expected = Model.Holds(job) ? WriteStatus.Done : WriteStatus.Stale;
        var status = expected == WriteStatus.Done || !Repeats ? await show() : await UnchangedAsync(show);
        Require(status == expected, $"tests of {Name(job.JobId)} are answered {status}, the model says {expected}");
    }

    private void Beaten(string agent, DeviceBeat beat, BeatReply reply)
    {
        var fenced = !Model.IsOwned(beat.DeviceId, beat.Epoch) || Model.Devices[beat.DeviceId].Agent != agent;
        Require(reply.DeviceId == beat.DeviceId && reply.Fenced == fenced, $"{beat.DeviceId} beats, fenced: {reply.Fenced}, the model says {fenced}");
        var held = fenced ? [] : Model.Held(beat.DeviceId).ToList();
        var lost = beat.HeldTokens.Where(known => !held.Exists(job => job.Id == known.Key && job.Token == known.Value)).Select(known => known.Key);
        Require(lost.Order().SequenceEqual(reply.LostJobIds.Order()), $"{beat.DeviceId} lost {string.Join(' ', reply.LostJobIds)}, the model says {string.Join(' ', lost)}");
        Require(held.Where(job => job.Cancel).Select(job => job.Id).Order().SequenceEqual(reply.CancelJobIds.Order()), $"{beat.DeviceId} is to cancel {string.Join(' ', reply.CancelJobIds)}, which is not what the model says");
        if (!fenced)
        {
            Model.Beat(beat.DeviceId, NowMs);
            if (reply.Yield)
            {
                Judge(placement => placement.CheckYield(beat.DeviceId));
            }
        }
    }

    private void Claimed(string device, Batch batch)
    {
        _latestMs = Math.Max(_latestMs, NowMs);
        var jobs = batch.Jobs.Select(claimed => Model.Jobs[claimed.JobId]).ToList();
        Require(jobs.Select(job => job.Lane).Distinct().Count() == 1, $"{Name(device)} got jobs of several lanes");
        Require(jobs.DistinctBy(job => job.File).Count() == jobs.Count, $"{Name(device)} got one file twice");
        Require(jobs.Count == 1 || !jobs.Exists(job => job.Alone), "a job that must run alone has company");
        foreach (var (job, claimed) in jobs.Zip(batch.Jobs))
        {
            Require(job.Status == JobStatus.Queued, $"{Name(device)} got {Name(job.Id)}, which is {job.Status}");
            Require(claimed.Token > job.Token, $"the token of {Name(job.Id)} did not rise above {job.Token}: {claimed.Token}");
            Require(job.NotBeforeMs <= _latestMs, $"{Name(job.Id)} was to wait until {job.NotBeforeMs}, and began at {NowMs}");
            Require(claimed.Attempt == job.Attempts + 1, $"{Name(job.Id)} begins attempt {claimed.Attempt} after {job.Attempts}");
            (job.Status, job.Device, job.Token, job.Begun) = (JobStatus.Running, device, claimed.Token, false);
        }

        Judge(placement => placement.CheckClaim(device, jobs[0].Group, jobs.Select(job => job.Id)));
    }

    private void Judge(Action<Placement> check)
    {
        if (Judges)
        {
            check(new Placement(_before, NowMs));
        }
    }

    private async Task<WriteStatus> WriteAsync(string what, WriteStatus expected, Func<Task<WriteStatus>> write)
    {
        var status = expected == WriteStatus.Done ? await write() : await UnchangedAsync(write);
        Require(status == expected, $"{what} is answered {status}, the model says {expected}");
        if (expected == WriteStatus.Done)
        {
            var again = await TwiceAsync(WriteStatus.Duplicate, write);
            Require(again == WriteStatus.Duplicate, $"{what} twice is answered {again}");
        }

        return status;
    }
}
