using QualGent.Contracts;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>Brings about the rows of docs/verdicts.md with genuine AppWright on a phone of its own.</summary>
[Trait("Category", "AppWright")]
public abstract class VerdictTests(PhoneFixture phone) : IClassFixture<PhoneFixture>
{
    // No path of the agent's host in what a tester reads.
    private const string HostFolder = "/state/";

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, VerdictRow.All.Count)];

    /// <summary>Submits the files as one run and waits for their ends.</summary>
    protected async Task<IReadOnlyList<JobView>> RunAsync(VerdictRow row, params string[] files)
    {
        var timeout = row.Code is VerdictCodes.Timeout or VerdictCodes.Hang ? 12 : 60;
        return await phone.Pool.EndAsync(await phone.Pool.SubmitAsync(files, Targets.Emulator, row.App, row.Org, timeoutSeconds: timeout));
    }

    protected static void AssertRow(VerdictRow row, JobView job)
    {
        Assert.True((row.Status, row.Code) == (job.Status, job.Code), $"{job.TestPath}: expected {row.Status}/{row.Code}, got {job.Status}/{job.Code}: {job.Message}");
        Assert.Equal(row.Charged ? 1 : 0, job.Attempts);
        Assert.False(string.IsNullOrWhiteSpace(job.Message));
        Assert.DoesNotContain(HostFolder, job.Message, StringComparison.Ordinal);
        Assert.Equal("virtual", job.Provider);
    }
}

/// <summary>Every row, the file alone in its run.</summary>
public sealed class VerdictAloneTests(PhoneFixture phone) : VerdictTests(phone)
{
    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Row_Alone_GetsItsVerdict(int index)
    {
        var row = VerdictRow.All[index];
        AssertRow(row, Assert.Single(await RunAsync(row, row.File)));
    }
}

/// <summary>Every row, the file between two that pass.</summary>
public sealed class VerdictInABatchTests(PhoneFixture phone) : VerdictTests(phone)
{
    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Row_InABatch_GetsItsVerdictAndItsMatesGetTheirs(int index)
    {
        var row = VerdictRow.All[index];
        var jobs = await RunAsync(row, "tests/onboarding.spec.js", row.File, row.WholeBatch ? "tests/sync.spec.ts" : "tests/notes.spec.ts");
        AssertRow(row, jobs[1]);
        foreach (var mate in (JobView[])[jobs[0], jobs[2]])
        {
            if (row.WholeBatch)
            {
                AssertRow(row, mate);
            }
            else
            {
                Assert.True(mate.Status == JobStatus.Passed, $"{mate.TestPath}: {mate.Status} {mate.Code} {mate.Message}");
                Assert.Equal((1, false, jobs[1].BatchId), (mate.Attempts, mate.Flaky, mate.BatchId));
            }
        }
    }
}
