using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Scheduling.Tests.Harness;

namespace QualGent.Scheduling.Tests;

/// <summary>Which file a run's jobs get: the one that was registered when the run was accepted.</summary>
public sealed class AppTests(RedisFixture redis)
{
    private readonly QueueHarness _queue = new(redis.Connection);
    private int _runs; // of different files: one batch takes no file twice in any case

    private RedisAppRegistry Apps => new(_queue.Scripts);

    [Fact]
    public async Task Claim_OfRunsOverSeveralFilesOfOneVersion_NeverMixesThem()
    {
        var none = await AcceptAsync();
        await PutAsync('a');
        var old = await AcceptAsync();
        await PutAsync('b');
        var newer = await AcceptAsync();
        var repeated = await AcceptAsync(QueueHarness.Run(tests: 2, prefix: "tests/again-") with { AppDigest = new string('a', 64) });
        var device = (await _queue.AgentAsync())[0];

        var seen = new List<(string? Digest, string Run)>();
        while (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
        {
            seen.AddRange(batch.Jobs.Select(job => (batch.AppDigest?[..1], job.RunId)));
            foreach (var job in batch.Jobs)
            {
                await device.FinishAsync(job);
            }
        }

        Assert.Equal((new string('a', 64), new string('b', 64)), (old.AppDigest, newer.AppDigest));
        Assert.Equal(8, seen.Count);
        Assert.Equal([null, "a", "b", "a"], new[] { none, old, newer, repeated }.Select(run => seen.Where(job => job.Run == run.RunId).Select(job => job.Digest).Distinct().Single()));
        Assert.Equal(new string('a', 64), (await _queue.RunAsync(repeated.RunId)).AppDigest);
    }

    [Fact]
    public async Task Rerun_OfARunWithoutABuild_TakesNoneThatWasRegisteredSince()
    {
        var first = await AcceptAsync(QueueHarness.Run(tests: 2, attempts: 1));
        var device = (await _queue.AgentAsync())[0];
        var batch = await device.ClaimAsync();
        await device.FinishAsync(batch.Jobs[0]);
        await device.FinishAsync(batch.Jobs[1], JobOutcome.Failed);
        await PutAsync('a');

        var plan = Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRerunAsync(first.RunId, null, QueueHarness.Ct)).Submission;
        var child = await _queue.RunAsync((await AcceptAsync(plan)).RunId);

        Assert.Equal((1, null), (child.Inherited, child.AppDigest)); // a pass with one build says nothing about another
        Assert.Null((await device.ClaimAsync()).AppDigest);
        Assert.Equal(new string('a', 64), (await AcceptAsync()).AppDigest);
    }

    [Fact]
    public async Task Rerun_OfAMatrixWithoutABuild_TakesNoneThatWasRegisteredSince()
    {
        var run = QueueHarness.Run(tests: 1, attempts: 1);
        var first = await AcceptAsync(run.Of([run, run with { Project = "second" }]));
        var device = (await _queue.AgentAsync())[0];
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0], JobOutcome.Failed);
        await device.FinishAsync((await device.ClaimAsync()).Jobs[0]);
        await PutAsync('a');

        var plan = Assert.IsType<Rerun.Ready>(await _queue.Jobs.PlanRerunAsync(first.RunId, null, QueueHarness.Ct)).Submission;
        var child = await _queue.RunAsync((await AcceptAsync(plan)).RunId);

        Assert.Equal((1, null), (child.Inherited, child.AppDigest));
        Assert.Null((await device.ClaimAsync()).AppDigest);
    }

    [Fact]
    public async Task Put_OverTheLimit_IsRefused_AndKnownOnesCanStillChange()
    {
        for (var number = 0; number < Limits.AppsPerOrg; number++)
        {
            Assert.Equal(new RegisterAppResult.Registered(IsNew: true), await PutAsync('a', $"v{number}"));
        }

        Assert.IsType<RegisterAppResult.Full>(await PutAsync('a', "one-more"));
        Assert.Equal(new RegisterAppResult.Registered(IsNew: false), await PutAsync('b', "v7"));
        Assert.Equal(Limits.AppsPerOrg, (await Apps.ListAsync("acme", QueueHarness.Ct)).Apps.Count);
    }

    private Task<AcceptResult.Accepted> AcceptAsync(Jobs.RunSubmission? run = null) => _queue.AcceptAsync(run ?? QueueHarness.Run(tests: 2, prefix: $"tests/{++_runs}-"));

    private Task<RegisterAppResult> PutAsync(char digest, string id = "v1") => Apps.PutAsync(
        new AppView { OrgId = "acme", AppVersionId = id, Sha256 = new string(digest, 64), Bytes = 1, FileName = "a.apk", Platform = Platforms.Android, RegisteredAt = DateTimeOffset.UnixEpoch },
        replace: true,
        QueueHarness.Ct);
}
