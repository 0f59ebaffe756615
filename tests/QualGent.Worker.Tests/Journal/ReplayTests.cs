using QualGent.Contracts;
using QualGent.Testing;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.Journal;

/// <summary>What an agent could not deliver before it died, its next life delivers under the old tokens.</summary>
public sealed class ReplayTests() : SeveralLives(slowTest: TimeSpan.FromSeconds(2))
{
    [Fact]
    public async Task Agent_DiesWithAResultThatRedisHasNotHeard_TheResultCountsAndTheTestDoesNotRunAgain()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var first = await StartAsync();
        var id = Assert.Single(await Pool.SubmitAsync(["slow.spec.ts"]));
        var running = await Pool.WaitAsync(id, job => job.Phase == JobPhase.Testing, "is being tested");
        await Pool.Redis.KillAsync(ct);
        var journal = Path.Combine(first.StateDir, "journal.jsonl");
        await Eventually.HoldsAsync(() => File.ReadAllText(journal).Contains(id, StringComparison.Ordinal), "the result is in the journal", ct);
        await first.Process.KillAsync(ct);
        await Pool.Redis.StartAgainAsync(ct);

        await using var second = await StartAsync();
        var ended = Assert.Single(await Pool.EndAsync([id]));
        Assert.Equal((JobStatus.Passed, 1, 0, running.BatchId), (ended.Status, ended.Attempts, ended.InfrastructureLosses, ended.BatchId));
        await Eventually.HoldsAsync(() => second.Process.Output.Contains($"about {id} from before the restart delivered: Done", StringComparison.Ordinal), "the agent says so", ct);
        Assert.Equal(0, await second.StopAsync());
    }
}
