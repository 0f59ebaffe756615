using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.EndToEnd.Tests;

/// <summary>What genuine AppWright's tests did, one by one, as a reader of <c>qgjob</c> and of the JUnit file sees it.</summary>
[Trait("Category", "AppWright")]
public sealed class ResultTests
{
    [Fact]
    public async Task Report_OfPassingFailingAndCrashingTests_NamesEachOfThem()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        await stack.StartWorkerAsync("phone", ct, virtualDevices: 1);
        using var http = new HttpClient { BaseAddress = stack.ApiUrl };
        var client = new QualGentClient(http, TimeProvider.System);
        string[] tests = ["tests/notes.spec.ts", "tests-faults/fails.spec.ts", "tests-faults/crash-runner.spec.ts", "tests-faults/load-error.spec.ts"];
        var run = await client.SubmitRunAsync(new SubmitRunRequest { OrgId = "qualgent", AppVersionId = "notes-1.0.0", Tests = tests, AttemptsMax = 1 }, "results", ct);
        await using (var watch = stack.Qgjob("watch", run.Run.Id, "--json"))
        {
            Assert.Equal(1, await watch.WaitForExitAsync(ct));
            var told = watch.Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.RunEvent)!.Progress).OfType<TestProgress>();
            Assert.Contains(told, progress => progress.JobId == run.JobIds[0] && progress.Attempt == 1 && progress.Planned == 1 && progress.Tests is [{ Status: TestCaseStatus.Passed, Title.Length: > 0 }, ..]);
        }

        var file = Path.Combine(stack.Folder.FullName, "report.xml");
        var (exitCode, output) = await stack.RunQgjobAsync(ct, "run", "report", "--run-id", run.Run.Id, "--output", file);
        Assert.True(exitCode == 0, output);
        var suites = (await JUnitReader.ReadAsync(file, ct)).ToDictionary(suite => suite.Name, suite => suite.Cases);
        Assert.All(suites[tests[0]], test => Assert.Empty(test.Inside));
        Assert.Contains(suites["tests-faults/fails.spec.ts"], test => test is { Name: "expects what is not there", Inside: ["failure"] });
        Assert.Contains(suites["tests-faults/crash-runner.spec.ts"], test => test.Inside is [.., "error" or "failure"]);
        Assert.Contains(suites["tests-faults/load-error.spec.ts"], test => test is { Name: "tests-faults/load-error.spec.ts", Inside: ["failure"] });

        var (asked, status) = await stack.RunQgjobAsync(ct, "status", run.JobIds[1]);
        Assert.Equal(0, asked);
        Assert.Matches(@"attempt 1  failed \(assertion\) on virtual-phone-1 \(virtual\), (cold|warm)", status);
        Assert.Matches(@"preparing .*waiting .*testing .*reporting ", status);
        Assert.Matches(@"failed after .*  expects what is not there\n    .*expect\(received\)", status);
        var first = Assert.Single((await client.GetResultsAsync(run.JobIds[0], ct)).Attempts);
        Assert.All(first.Tests, test => Assert.Equal(TestCaseStatus.Passed, test.Status));
        Assert.NotEmpty(first.Tests);
        await stack.EndAsync(ct);
    }
}
