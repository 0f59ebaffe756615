using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Submissions that must not start before an instant.</summary>
public sealed class DelayTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);

    [Theory]
    [InlineData(3)]
    [InlineData(450)]
    public async Task NotBefore_AnInstant_NothingStartsEarlierAndAllIsReadyThen(int tests)
    {
        var run = await _queue.AcceptAsync(Later(QueueHarness.Run(tests), TimeSpan.FromHours(2)));
        var device = (await _queue.AgentAsync())[0];
        await _queue.SweepAsync();
        _queue.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1));
        device = (await _queue.AgentAsync())[0];
        await _queue.SweepAsync();
        await device.ClaimNothingAsync();
        var job = await _queue.JobAsync(run.JobIds[^1]);
        Assert.Equal((JobStatus.Queued, _queue.NowMs + 1), (job.Status, job.NotBefore!.Value.ToUnixTimeMilliseconds()));
        Assert.Equal(tests, (await _queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Delayed);
        await _queue.Invariants.CheckAsync(run.RunId);

        _queue.Advance(TimeSpan.FromMilliseconds(201));
        await _queue.SweepAsync();

        Assert.Equal(0, (await _queue.Jobs.GetQueueAsync(QueueHarness.Ct)).Delayed);
        Assert.Equal(run.JobIds[0], (await device.ClaimAsync()).Jobs[0].JobId);
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task NotBefore_InThePast_MeansNow()
    {
        await _queue.AcceptAsync(Later(QueueHarness.Run(), TimeSpan.FromDays(-10_000)));

        Assert.Null((await _queue.JobAsync((await (await _queue.AgentAsync())[0].ClaimAsync()).Jobs[0].JobId)).NotBefore);
    }

    [Fact]
    public async Task NotBefore_CountsWaitingAndSeniorityFromThen()
    {
        var later = await _queue.AcceptAsync(Later(QueueHarness.Run(app: "later") with { QueueTimeout = TimeSpan.FromMinutes(10) }, TimeSpan.FromHours(1)));
        _queue.Advance(TimeSpan.FromMinutes(50));
        await _queue.SweepAsync();
        await _queue.AcceptAsync(QueueHarness.Run(app: "submitted-after"));
        _queue.Advance(TimeSpan.FromMinutes(11));
        await _queue.SweepAsync();
        var device = (await _queue.AgentAsync())[0];
        var first = await device.ClaimAsync();
        Assert.Equal("submitted-after", first.AppVersionId);
        await device.ReleaseAsync(first.Jobs[0]);

        _queue.Advance(TimeSpan.FromMinutes(9));
        await _queue.SweepAsync();

        Assert.Equal(VerdictCodes.QueueTimeout, (await _queue.JobAsync(later.JobIds[0])).Code);
    }

    [Fact]
    public async Task NotBefore_CancelledEarlier_NeverStarts()
    {
        var run = await _queue.AcceptAsync(Later(QueueHarness.Run(450), TimeSpan.FromHours(1)));
        await _queue.Jobs.CancelJobAsync(run.JobIds[300], null, QueueHarness.Ct);
        Assert.Equal(1, (await _queue.RunAsync(run.RunId)).Counts.Cancelled);
        await _queue.Invariants.CheckAsync(run.RunId);

        await _queue.Jobs.CancelRunAsync(run.RunId, null, QueueHarness.Ct);

        Assert.Equal(RunVerdict.Cancelled, (await _queue.RunAsync(run.RunId)).Verdict);
        _queue.Advance(TimeSpan.FromHours(2));
        await _queue.SweepAsync();
        await (await _queue.AgentAsync())[0].ClaimNothingAsync();
        await _queue.Invariants.CheckAsync(run.RunId);
    }

    [Fact]
    public async Task NotBefore_LongerThanTheRetention_StillRuns()
    {
        await _queue.AcceptAsync(Later(QueueHarness.Run(), TimeSpan.FromDays(20)));
        for (var day = 0; day < 20; day++)
        {
            _queue.Advance(TimeSpan.FromDays(1));
            await _queue.SweepAsync();
        }

        Assert.Single((await (await _queue.AgentAsync())[0].ClaimAsync()).Jobs);
    }

    [Fact]
    public async Task Limit_OfAnOrganisation_CanBeChangedAndCountsWhatIsDelayed()
    {
        await _queue.Control.ChangeOrgAsync("acme", new OrgChange { QueuedMax = 3 }, QueueHarness.Ct);
        await _queue.AcceptAsync(Later(QueueHarness.Run(3), TimeSpan.FromHours(1)));
        var digest = await _queue.Invariants.DigestAsync();
        Assert.Equal("organisation", Assert.IsType<AcceptResult.QueueFull>(await _queue.Jobs.AcceptAsync(QueueHarness.Run(), null, QueueHarness.Ct)).Limit);
        Assert.Equal(digest, await _queue.Invariants.DigestAsync());

        Assert.Equal(4, (await _queue.Control.ChangeOrgAsync("acme", new OrgChange { QueuedMax = 4 }, QueueHarness.Ct)).QueuedMax);

        await _queue.AcceptAsync(QueueHarness.Run());
    }

    private RunSubmission Later(RunSubmission run, TimeSpan by) => run with { NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(_queue.NowMs) + by };
}
