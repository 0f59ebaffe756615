using System.Text.Json;
using QualGent.Contracts;
using QualGent.Testing;
using QualGent.Worker.Processes;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>Parts of a batch die in its middle: one verdict each, nothing runs twice, nobody pays for it, nothing is left.</summary>
public sealed class LossTests : LossScene
{
    [Theory]
    [InlineData("supervisor")]
    [InlineData("appium")]
    public async Task Batch_PartOfItKilled_RestRunsAgainAndWhatPassedDoesNot(string part)
    {
        await using var worker = await StartAsync("one");
        var (jobs, slow) = await SubmitAsync();
        var passed = (await PassedAsync(jobs)).ToDictionary(job => job.Id, job => job.FinishedAt);
        Kill(worker, slow.BatchId!, part);
        var ended = await Pool.EndAsync(jobs);
        Assert.All(ended, job => Assert.Equal((JobStatus.Passed, 1, false), (job.Status, job.Attempts, job.Flaky)));
        Assert.All(ended.Where(job => passed.ContainsKey(job.Id)), job => Assert.Equal(passed[job.Id], job.FinishedAt));
        Assert.Equal(0, await worker.StopAsync());
        AssertNothingLeft();
    }

    private static void Kill(WorkerProcess worker, string batch, string part)
    {
        var pid = part == "supervisor"
            ? RunningProcess.Naming(batch).Single(process => process.CommandLine.EndsWith("supervise.mjs", StringComparison.Ordinal)).Id
            : File.ReadLines(Path.Combine(worker.StateDir, "batches", batch, "groups.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
                .First(group => group.GetProperty("what").GetString() == part).GetProperty("pgid").GetInt32();
        Signals.Send(pid, Signals.Kill);
    }
}
