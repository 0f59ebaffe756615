using System.Globalization;
using System.Text;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>docs/verdicts.md, written from the rows that <see cref="VerdictAloneTests"/> and <see cref="VerdictInABatchTests"/> prove.</summary>
public sealed class VerdictTableTests
{
    private const string WriteSwitch = "QUALGENT_WRITE_DOCS";

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

    private static string Render()
    {
        var text = new StringBuilder();
        text.Append("""
            # Verdicts

            What happens to a test file, and what the job says then. `VerdictAloneTests` and `VerdictInABatchTests` bring about every
            row with genuine AppWright, alone and between two files that pass; `VerdictTableTests` writes this page from the same rows
            and fails when they differ.

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
            had happened. Losses are proved by `LossTests`, `AgentLossTests`, `OutageTests` and `PreparationTests`.

            """);
        return text.ToString();
    }
}
