using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Calls about what does not exist, or is not the caller's: each has its answer, and not one bit of the queue changes.</summary>
public sealed class BadCallTests(RedisFixture redis) : IAsyncLifetime
{
    private readonly QueueHarness _queue = new(redis.Connection);
    private TestDevice _late = null!; // its lease ended while it held a job
    private TestDevice _holder = null!; // holds that job now
    private ClaimedJob _lost = null!;
    private ClaimedJob _held = null!;

    public async ValueTask InitializeAsync()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        _late = (await _queue.AgentAsync("late"))[0];
        _lost = (await _late.ClaimAsync()).Jobs[0];
        await _late.StartAsync(_lost);
        _holder = (await _queue.AgentAsync("holder"))[0];
        for (var i = 0; i < 5; i++)
        {
            _queue.Advance(TimeSpan.FromSeconds(9));
            await _queue.SweepAsync();
            await _holder.BeatAsync();
        }

        _held = (await _holder.ClaimAsync()).Jobs[0];
        await _late.BeatAsync(_lost); // that the agent lives is new, once
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Claim_ForADeviceThatIsUnknownOrOwnedNoMore_IsFenced() => await UnchangedAsync(async () =>
    {
        Assert.IsType<ClaimResult.Fenced>(await _queue.Agents.ClaimAsync("dev_unknown", 1, QueueHarness.Ct));
        Assert.IsType<ClaimResult.Fenced>(await _late.TryClaimAsync());
        Assert.IsType<ClaimResult.Fenced>(await _queue.Agents.ClaimAsync(_holder.Id, _holder.Epoch + 1, QueueHarness.Ct));
    });

    [Fact]
    public async Task Write_UnderAStaleToken_IsStale() => await UnchangedAsync(async () =>
    {
        JobHandle[] handles =
        [
            _late.Handle(_lost), _holder.Handle(_lost), _late.Handle(_held), _holder.Handle(_held) with { Token = _held.Token + 1 },
            _holder.Handle(_held) with { Epoch = _holder.Epoch + 1 }, _holder.Handle(_held) with { JobId = "job_00000000000000000000_0" }, new("anything", long.MaxValue, "dev_unknown", -1),
        ];
        foreach (var handle in handles)
        {
            foreach (var outcome in Enum.GetValues<JobOutcome>())
            {
                Assert.Equal(WriteStatus.Stale, await _queue.Agents.FinishAsync(new JobReport { Job = handle, Outcome = outcome, Code = VerdictCodes.Assertion }, QueueHarness.Ct));
            }

            Assert.Equal([WriteStatus.Stale], await _queue.Agents.SetPhaseAsync([handle], JobPhase.Testing, QueueHarness.Ct));
            Assert.Equal([WriteStatus.Stale], await _queue.Agents.ReleaseAsync([handle], QueueHarness.Ct));
            Assert.Equal(WriteStatus.Stale, await _queue.Log.AppendAsync(handle, new LogPiece(1, 1, ["late"], IsLast: true, []), QueueHarness.Ct));
        }
    });

    [Fact]
    public async Task Heartbeat_ForALostLease_SaysWhatIsLost() => await UnchangedAsync(async () =>
    {
        var reply = await _late.BeatAsync(_lost);
        Assert.Equal((true, TimeSpan.Zero, _lost.JobId), (reply.Fenced, reply.LeaseDuration, Assert.Single(reply.LostJobIds)));

        var replies = await _queue.Agents.HeartbeatAsync(
            new Heartbeat("agt_unknown", [new DeviceBeat("dev_unknown", 1, new Dictionary<string, long> { ["job_x"] = 1 }, "digest"), new DeviceBeat(_holder.Id, _holder.Epoch, new Dictionary<string, long>(), "digest")]), QueueHarness.Ct);
        Assert.All(replies, unknown => Assert.True(unknown.Fenced));
    });

    [Fact]
    public async Task Call_AboutSomethingUnknown_ChangesNothing() => await UnchangedAsync(async () =>
    {
        foreach (var run in (string[])["run_00000000000000000000", "anything", ""])
        {
            Assert.Null(await _queue.Jobs.CancelRunAsync(run, null, QueueHarness.Ct));
            Assert.Null(await _queue.Jobs.PlanRerunAsync(run, null, QueueHarness.Ct));
            Assert.False(await _queue.Jobs.RenewRunAsync(run, QueueHarness.Ct));
        }

        foreach (var job in (string[])["job_00000000000000000000_0", _held.JobId + "0", "job_x_1", ""])
        {
            Assert.Null(await _queue.Jobs.CancelJobAsync(job, null, QueueHarness.Ct));
            Assert.Null(await _queue.Jobs.WhyAsync(job, QueueHarness.Ct));
        }

        Assert.Null(await _queue.Control.SetDutyAsync("dev_unknown", DeviceDuty.Quarantined, QueueHarness.Ct));
        await _queue.Agents.UnregisterAsync("agt_unknown", QueueHarness.Ct);
    });

    [Fact]
    public async Task Cancel_OfAnIdThatIsNoJob_IsUnknownToTheScriptItself()
    {
        var run = QueueHarness.Run(2);
        var matrix = await _queue.AcceptAsync(run.Of([run, run with { Project = "second" }]));
        var old = await _queue.AcceptAsync(QueueHarness.Run(210));
        await _queue.Jobs.CancelRunAsync(old.RunId, null, QueueHarness.Ct);
        _queue.Advance(_queue.Options.Retention + TimeSpan.FromSeconds(1));
        Assert.Equal(1, (int)await _queue.Scripts.RunAsync("forget", (long)_queue.Options.Retention.TotalMilliseconds)); // 200 of its jobs
        await UnchangedAsync(async () =>
        {
            foreach (var id in (string[])[
                Ids.Job(matrix.RunId, 0), Ids.Job(matrix.RunId, 3), Ids.Job(Ids.Cell(matrix.RunId, 0), 2), Ids.Job(Ids.Cell(matrix.RunId, 2), 0), matrix.JobIds[0] + "0", matrix.JobIds[0][..^1] + "00",
                matrix.RunId, old.JobIds[0], old.JobIds[209], "job_x_1", "job__0", "anything", ""])
            {
                Assert.Null(await _queue.Jobs.CancelJobAsync(id, null, QueueHarness.Ct));
                Assert.Equal(0, (int)await _queue.Scripts.RunAsync("cancel_job", id, "")); // what was a job when the caller looked may be none now
            }
        });
    }

    private async Task UnchangedAsync(Func<Task> calls)
    {
        var before = await _queue.Invariants.DigestAsync();

        await calls();

        Assert.Equal(before, await _queue.Invariants.DigestAsync());
    }
}
