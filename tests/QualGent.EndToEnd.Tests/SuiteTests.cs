using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.Schema;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary>
/// A suite of twelve files that pass, fail, flake, hang and crash, submitted by <c>qgjob</c> and run by genuine AppWright on two
/// virtual phones, while <c>kill -9</c> takes the worker, Redis and the API: every file has the verdict it was written for.
/// </summary>
[Trait("Category", "AppWright")]
public sealed partial class SuiteTests
{
    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Scheduling__LeaseDuration"] = "00:00:10",
        ["Scheduling__OutageAfter"] = "00:00:05",
        ["Scheduling__RetryBaseDelay"] = "00:00:01",
    };

    // Status, code, attempts, titles of the tests that passed in the last of them.
    private static readonly Dictionary<string, (JobStatus Status, string? Code, int Attempts, string[] Passed)> s_designed = new()
    {
        ["suite/counts.spec.ts"] = (JobStatus.Passed, null, 1, ["starts with none"]),
        ["suite/notes.spec.ts"] = (JobStatus.Passed, null, 1, ["counts the notes"]),
        ["suite/onboarding.spec.js"] = (JobStatus.Passed, null, 1, ["greets the user by name"]),
        ["suite/slow.spec.ts"] = (JobStatus.Passed, null, 1, ["takes its time"]),
        ["suite/sync.spec.ts"] = (JobStatus.Passed, null, 1, ["synchronises after the start"]),
        ["suite/flaky.spec.ts"] = (JobStatus.Passed, null, 2, ["passes when tried again"]),
        ["suite/fails-late.spec.ts"] = (JobStatus.Failed, VerdictCodes.Assertion, 2, ["passes"]),
        ["suite/hangs.spec.ts"] = (JobStatus.Failed, VerdictCodes.Hang, 2, ["ends before the other hangs"]),
        ["suite/crashes.spec.ts"] = (JobStatus.Failed, VerdictCodes.Crash, 2, ["ends before the other crashes"]),
        ["suite/load-error.spec.ts"] = (JobStatus.Failed, VerdictCodes.LoadError, 1, []),
        ["suite/only.spec.ts"] = (JobStatus.Failed, VerdictCodes.FocusedTests, 1, []),
        ["suite/skipped.spec.ts"] = (JobStatus.Failed, VerdictCodes.NoTestsRan, 1, []),
    };

    [Fact]
    public async Task Suite_WhileEveryPartIsKilledOnce_HasTheVerdictsItWasWrittenFor_AndTheReportAgrees()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct, s_settings);
        var worker = await stack.StartWorkerAsync("phones", ct, virtualDevices: 2);
        using var http = new HttpClient { BaseAddress = stack.ApiUrl };
        var client = new QualGentClient(http, TimeProvider.System);
        await using var submit = stack.Qgjob("submit", "--org-id=qualgent", "--app-version-id=notes-1.0.0", $"--project-dir={Project(stack)}", "--test=suite/*.spec.*", "--timeout=30s", "--wait");
        await Eventually.HoldsAsync(() => submit.HasExited || RunId().IsMatch(submit.Output), "the run is submitted", ct);
        var run = RunId().Match(submit.Output).Value;
        Assert.True(run.Length > 0, submit.Output);

        var beforeWorker = await EndedAsync(2);
        stack.Footprint.Look();
        await worker.KillAsync(ct);
        await stack.StartWorkerAsync("phones", ct, virtualDevices: 2);
        var beforeRedis = await EndedAsync(5);
        await stack.Redis.KillAsync(ct);
        await stack.Redis.StartAgainAsync(ct);
        var beforeApi = await EndedAsync(7);
        await stack.Api.KillAsync(ct);
        await stack.StartApiAsync(ct);

        Assert.True(await submit.WaitForExitAsync(ct) == 1, submit.Output);
        var jobs = (await client.ListJobsAsync(new JobQuery { RunId = run, Limit = Limits.PageSizeMax }, ct)).Jobs;
        Assert.Equal(s_designed.Keys.Order(StringComparer.Ordinal), jobs.Select(job => job.TestPath).Order(StringComparer.Ordinal));
        Assert.All(jobs, job => Assert.Equal((job.TestPath, s_designed[job.TestPath].Status, s_designed[job.TestPath].Code, s_designed[job.TestPath].Attempts), (job.TestPath, job.Status, job.Code, job.Attempts)));
        Assert.Equal(["suite/flaky.spec.ts"], jobs.Where(job => job.Flaky).Select(job => job.TestPath));
        foreach (var before in (IReadOnlyList<JobView>[])[beforeWorker, beforeRedis, beforeApi])
        {
            Assert.All(before, old => Assert.Equal((old.Status, old.FinishedAt, old.BatchId), jobs.Where(job => job.Id == old.Id).Select(job => (job.Status, job.FinishedAt, job.BatchId)).Single()));
        }

        foreach (var job in jobs)
        {
            var last = (await client.GetResultsAsync(job.Id, ct)).Attempts[^1];
            Assert.Equal((job.TestPath, string.Join(", ", s_designed[job.TestPath].Passed)), (job.TestPath, string.Join(", ", last.Tests.Where(test => test.Status == TestCaseStatus.Passed).Select(test => test.Title))));
        }

        await CheckReportAsync(stack, run, jobs, ct);
        var (asked, log) = await stack.RunQgjobAsync(ct, "logs", jobs.Single(job => job.TestPath == "suite/fails-late.spec.ts").Id);
        Assert.Equal(0, asked);
        Assert.Contains("Hello, Grace!", log, StringComparison.Ordinal);
        await stack.EndAsync(ct);

        // Jobs with a verdict, once there are so many of them.
        Task<IReadOnlyList<JobView>> EndedAsync(int count) => Eventually.GetAsync<IReadOnlyList<JobView>>(
            async () =>
            {
                try
                {
                    return [.. (await client.ListJobsAsync(new JobQuery { RunId = run, Limit = Limits.PageSizeMax }, ct)).Jobs.Where(job => job.Status.IsTerminal())];
                }
                catch (Exception e) when (e is ApiUnreachableException or ApiProblemException)
                {
                    return [];
                }
            },
            ended => ended.Count >= count || submit.HasExited,
            $"{count} jobs have ended",
            ct,
            TimeSpan.FromMinutes(4));
    }

    private static async Task CheckReportAsync(Stack stack, string run, IReadOnlyList<JobView> jobs, CancellationToken ct)
    {
        var file = Path.Combine(stack.Folder.FullName, "report.xml");
        var (exitCode, output) = await stack.RunQgjobAsync(ct, "run", "report", "--run-id", run, "--output", file);
        Assert.True(exitCode == 0, output);
        var schema = new XmlSchemaSet();
        schema.Add(null, Path.Combine(Repository.Root, "tests/QualGent.Api.Tests/Reports/junit.xsd"));
        XDocument.Load(file).Validate(schema, (_, e) => Assert.Fail(e.Message));
        var suites = await JUnitReader.ReadAsync(file, ct);
        Assert.Equal(jobs.Select(job => job.TestPath).Order(StringComparer.Ordinal), suites.Select(suite => suite.Name).Order(StringComparer.Ordinal));
        foreach (var suite in suites)
        {
            var job = jobs.Single(candidate => candidate.TestPath == suite.Name);
            Assert.Equal((suite.Name, job.Status == JobStatus.Failed), (suite.Name, suite.Failures + suite.Errors > 0));
            Assert.Equal((suite.Name, suite.Tests, suite.Failures, suite.Errors, suite.Skipped), (suite.Name, suite.Cases.Count, suite.Count("failure"), suite.Count("error"), suite.Count("skipped")));
            Assert.Equal((suite.Name, job.Flaky), (suite.Name, suite.Count("flakyFailure") + suite.Count("flakyError") > 0));
            Assert.Superset(s_designed[suite.Name].Passed.ToHashSet(), suite.Cases.Where(test => test.Inside.All(tag => tag.StartsWith("flaky", StringComparison.Ordinal))).Select(test => test.Name).ToHashSet());
        }
    }

    // A project of its own: the sample's set-up, its passing files, some of its failing ones, and those of this folder.
    private static string Project(Stack stack)
    {
        var sample = Path.Combine(Repository.Root, "samples/notes/workspace/tests/qualgent");
        var project = stack.Folder.CreateSubdirectory("project");
        var suite = project.CreateSubdirectory("suite").FullName;
        string[] setUp = ["appwright.config.ts", "package.json", "package-lock.json"];
        string[] faults = ["slow", "load-error", "only", "skipped"];
        foreach (var name in setUp)
        {
            File.Copy(Path.Combine(sample, name), Path.Combine(project.FullName, name));
        }

        string[] specs =
        [
            .. Directory.GetFiles(Path.Combine(sample, "tests")),
            .. faults.Select(name => Path.Combine(sample, "tests-faults", name + ".spec.ts")),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "tests/QualGent.EndToEnd.Tests/suite")),
        ];
        foreach (var spec in specs)
        {
            File.Copy(spec, Path.Combine(suite, Path.GetFileName(spec)));
        }

        File.WriteAllText(Path.Combine(suite, "remembered.ts"), $"export const remembered = \"{Path.Combine(stack.Folder.FullName, "tried-before")}\";\n");
        return project.FullName;
    }

    [GeneratedRegex("run_[0-9a-z]{20}")]
    private static partial Regex RunId();
}
