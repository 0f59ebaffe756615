using QualGent.Contracts;
using QualGent.Scheduling.Blobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Scheduling.Results;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Who may say what an execution left behind, until when, and that it goes with its run.</summary>
public sealed class ArtifactTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Fact]
    public async Task Artifacts_CompletedBehindARetry_BelongToTheirAttempt()
    {
        var (device, first) = await BeginAsync();
        Assert.Equal(WriteStatus.Done, await KeepAsync(device, first, 1, pending: true, File("log.txt.gz", ArtifactState.Pending)));
        await device.FinishAsync(first, JobOutcome.Failed);
        _queue.Advance(TimeSpan.FromSeconds(12));
        await _queue.SweepAsync();
        var second = (await device.ClaimAsync()).Jobs[0];

        Assert.Equal(WriteStatus.Done, await KeepAsync(device, first, 2, pending: false, File("log.txt.gz")));
        Assert.Equal(WriteStatus.Done, await KeepAsync(device, second, 1, pending: true, File("log.txt.gz", ArtifactState.Pending)));

        var all = await ReadAsync(first.JobId);
        Assert.Equal([("attempt-1/log.txt.gz", false), ("attempt-2/log.txt.gz", true)], all.Select(execution => (execution.Files[0].Name, execution.Pending)));
        Assert.Equal([first.Token, second.Token], all.Select(execution => execution.Token));
        await _queue.Invariants.CheckAsync(first.RunId);
    }

    [Fact]
    public async Task Keep_Repeated_OrLate_ChangesNothing()
    {
        var (device, job) = await BeginAsync();
        await KeepAsync(device, job, 2, pending: false, File("a"), File("b"));
        var before = await _queue.Invariants.DigestAsync();

        Assert.Equal(WriteStatus.Duplicate, await KeepAsync(device, job, 2, pending: false, File("a"), File("b")));
        Assert.Equal(WriteStatus.Duplicate, await KeepAsync(device, job, 1, pending: true, File("a")));

        Assert.Equal(before, await _queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task Keep_ByWhoDoesNotHoldTheJob_IsStaleAndChangesNothing()
    {
        var (device, first) = await BeginAsync();
        await device.FinishAsync(first, JobOutcome.Failed);
        _queue.Advance(TimeSpan.FromSeconds(12));
        await _queue.SweepAsync();
        var second = (await device.ClaimAsync()).Jobs[0];
        var before = await _queue.Invariants.DigestAsync();

        Assert.Equal(WriteStatus.Stale, await KeepAsync(device, first, 1, pending: false, File("too late")));
        Assert.Equal(WriteStatus.Stale, await KeepAsync(device with { Id = "dev_other" }, second, 1, pending: false, File("another device")));
        Assert.Equal(WriteStatus.Stale, await KeepAsync(device, second with { JobId = "job_00000000000000000000_0" }, 1, pending: false, File("no job")));

        Assert.Equal(before, await _queue.Invariants.DigestAsync());
    }

    [Fact]
    public async Task Blobs_OfArtifacts_AreReferredToUntilTheRunIsForgotten()
    {
        var (device, job) = await BeginAsync();
        await KeepAsync(device, job, 1, pending: false, File("a"), File("gone", ArtifactState.Missing), File("later", ArtifactState.Pending));
        var references = new RedisBlobReferences(_queue.Scripts);
        Assert.Equal([new BlobReference("acme", Digest("a"))], await references.ReadAsync(QueueHarness.Ct));

        await device.FinishAsync(job);
        _queue.Advance(_queue.Options.Retention + TimeSpan.FromSeconds(1));
        await _queue.SweepAsync();

        Assert.Empty(await references.ReadAsync(QueueHarness.Ct));
        Assert.Empty(await ReadAsync(job.JobId));
        Assert.Equal(WriteStatus.Stale, await KeepAsync(device, job, 2, pending: false, File("a")));
        Assert.False(await redis.Connection.GetDatabase().KeyExistsAsync(_queue.Keys.RunBlobs(job.RunId)));
    }

    [Fact]
    public async Task Artifacts_OfAJobThatIsLostAgainAndAgain_AreThoseOfItsLastExecutions()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        ClaimedJob? job = null;
        for (var i = 0; i < Limits.ResultsPerJob + 3; i++)
        {
            job = (await device.ClaimAsync()).Jobs[0];
            await device.StartAsync(job);
            Assert.Equal(WriteStatus.Done, await KeepAsync(device, job, 1, pending: false, File("a")));
            await device.FinishAsync(job, JobOutcome.Lost, VerdictCodes.Infrastructure, LossCharge.Never);
            _queue.Advance(TimeSpan.FromSeconds(12));
            await _queue.SweepAsync();
            await device.BeatAsync();
        }

        var kept = await ReadAsync(job!.JobId);
        Assert.Equal((Limits.ResultsPerJob, job.Token), (kept.Count, kept[^1].Token));
        Assert.Equal(["attempt-1/a", "attempt-1.2/a"], kept.Take(2).Select(execution => execution.Files[0].Name));
    }

    private static string Digest(string name) => BlobDigest.Of(System.Text.Encoding.UTF8.GetBytes(name));

    private static ArtifactView File(string name, ArtifactState state = ArtifactState.Stored) => new()
    {
        Name = name,
        Kind = ArtifactKind.Attachment,
        ContentType = "text/plain",
        Size = 1,
        State = state,
        Sha256 = state == ArtifactState.Missing ? null : Digest(name),
    };

    private async Task<(TestDevice Device, ClaimedJob Job)> BeginAsync()
    {
        await _queue.AcceptAsync(QueueHarness.Run());
        var device = (await _queue.AgentAsync())[0];
        var job = (await device.ClaimAsync()).Jobs[0];
        await device.StartAsync(job);
        return (device, job);
    }

    private Task<WriteStatus> KeepAsync(TestDevice device, ClaimedJob job, int revision, bool pending, params ArtifactView[] files) =>
        _queue.Artifacts.KeepAsync(device.Handle(job), revision, new ExecutionArtifacts(job.Attempt, pending, files), QueueHarness.Ct);

    private async Task<IReadOnlyList<ExecutionArtifacts>> ReadAsync(string jobId) => (await _queue.Artifacts.ReadAsync([jobId], QueueHarness.Ct))[0];
}
