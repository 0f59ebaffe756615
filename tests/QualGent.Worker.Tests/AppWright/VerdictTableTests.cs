using System.Globalization;
using System.Text;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>Every row of docs/verdicts.md with genuine AppWright, alone and between two files that pass.</summary>
[Trait("Category", "AppWright")]
public sealed class VerdictTableTests(PhoneFixture phone) : IClassFixture<PhoneFixture>
{
    private const string WriteSwitch = "QUALGENT_WRITE_DOCS";

    // No path of the agent's host in what a tester reads.
    private const string HostFolder = "/state/";

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, VerdictRow.All.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Alone_EveryRow_GetsItsVerdict(int index)
    {
        var row = VerdictRow.All[index];
        AssertRow(row, Assert.Single(await RunAsync(row, row.File)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task InABatch_EveryRow_GetsItsVerdictAndItsMatesGetTheirs(int index)
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

    [Fact]
    public async Task Document_TableOfVerdicts_IsWhatTheTestsProve()
    {
        var file = Path.Combine(Repository.Root, "docs", "verdicts.md");
        var expected = Render();
        if (Environment.GetEnvironmentVariable(WriteSwitch) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, expected, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(file), $"docs/verdicts.md is missing; run this test with {WriteSwitch}=1.");
        Assert.Equal(expected, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    private async Task<IReadOnlyList<JobView>> RunAsync(VerdictRow row, params string[] files)
    {
        var timeout = row.Code is VerdictCodes.Timeout or VerdictCodes.Hang ? 12 : 60;
        return await phone.Pool.EndAsync(await phone.Pool.SubmitAsync(files, Targets.Emulator, row.App, row.Org, timeoutSeconds: timeout));
    }

    private static void AssertRow(VerdictRow row, JobView job)
    {
        Assert.True((row.Status, row.Code) == (job.Status, job.Code), $"{job.TestPath}: expected {row.Status}/{row.Code}, got {job.Status}/{job.Code}: {job.Message}");
        Assert.Equal(row.Charged ? 1 : 0, job.Attempts);
        Assert.False(string.IsNullOrWhiteSpace(job.Message));
        Assert.DoesNotContain(HostFolder, job.Message, StringComparison.Ordinal);
        Assert.Equal("virtual", job.Provider);
    }

    private static string Render()
    {
        var text = new StringBuilder();
        text.Append("""
            # Verdicts

            What happens to a test file, and what the job says then. This page is written by `VerdictTableTests`, which brings about
            every row with genuine AppWright, alone and between two files that pass; it fails when the page and the tests differ.

            | what happened | status | code | uses up an attempt | tried again |
            |---|---|---|---|---|

            """);
        foreach (var row in VerdictRow.All)
        {
            var retried = row.Code == VerdictCodes.InstallFailed ? "on another device" : VerdictCodes.Retried(row.Code) ? "yes" : "no";
            text.Append(CultureInfo.InvariantCulture, $"| {row.What} | {row.Status.ToString().ToLowerInvariant()} | `{row.Code}` | {(row.Charged ? "yes" : "no")} | {retried} |\n");
        }

        text.Append("| device, agent, Appium or network is lost, or no batch opens on the host | back to the queue; errored after 3 losses | `infrastructure` | no | yes |\n");
        text.Append("""

            Verdicts come from the events that AppWright's run reports, never from an exit code. A file that passes after a failed
            attempt is `passed` and marked flaky. A file that had not begun when its batch ended goes back to the queue as if nothing
            had happened. Losses are proved by `LossTests`, `OutageTests` and `PreparationTests`.

            """);
        return text.ToString();
    }
}
