using System.Text.Json;
using QualGent.Contracts;

namespace QualGent.Api.Reports;

/// <summary>How a test case of a report ended.</summary>
internal enum JUnitKind
{
    Passed = 0,
    Failure = 1,
    Error = 2,
    Skipped = 3,
}

/// <summary>A failure in an attempt before the one that counts.</summary>
internal sealed record EarlierFailure(int Attempt, bool IsError, string Type, string Message, string? Stack);

/// <summary>One test case of a report.</summary>
internal sealed record JUnitCase(string Name, JUnitKind Kind, long DurationMs = 0, string Type = "", string Message = "", string? Stack = null)
{
    public IReadOnlyList<EarlierFailure> Earlier { get; init; } = [];

    /// <summary>The test cases of a job: those of its tests, and one for the file where no test says why the job has its verdict.</summary>
    public static IReadOnlyList<JUnitCase> Of(JobView job, IReadOnlyList<AttemptView> attempts)
    {
        var cases = Tests(attempts).Select(test => Of(test.Last, FailuresIn(test.Before))).ToList();
        if (OfFile(job, attempts, cases) is { } file)
        {
            cases.Add(file);
        }

        return job.Quarantined ? [.. cases.Select(Excused)] : cases;
    }

    // A test in quarantine turns no report red, as it turns no run red; what went wrong is still to be read.
    private static JUnitCase Excused(JUnitCase test) => test.Kind is JUnitKind.Failure or JUnitKind.Error
        ? test with { Kind = JUnitKind.Skipped, Type = "quarantined", Message = $"In quarantine, does not count. It ended {test.Type}: {test.Message}" }
        : test;

    /// <summary>An enum as it is written in JSON.</summary>
    public static string Wire<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    // By title, each as it was in the last attempt that got to it. Equal titles in one file are told apart by their order.
    private static IEnumerable<(TestCaseView Last, List<(int Attempt, TestCaseView Test)> Before)> Tests(IReadOnlyList<AttemptView> attempts)
    {
        var tests = new Dictionary<(string Title, int Nth), List<(int, TestCaseView)>>();
        var order = new List<List<(int Attempt, TestCaseView Test)>>();
        foreach (var attempt in attempts)
        {
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var test in attempt.Tests)
            {
                var nth = seen[test.Title] = seen.GetValueOrDefault(test.Title) + 1;
                if (!tests.TryGetValue((test.Title, nth), out var history))
                {
                    tests[(test.Title, nth)] = history = [];
                    order.Add(history);
                }

                history.Add((attempt.Attempt, test));
            }
        }

        return order.Select(history => (history[^1].Test, history[..^1]));
    }

    private static JUnitCase Of(TestCaseView test, IReadOnlyList<EarlierFailure> earlier)
    {
        var kind = test.Status switch
        {
            TestCaseStatus.Passed or TestCaseStatus.Flaky => JUnitKind.Passed,
            TestCaseStatus.Skipped => JUnitKind.Skipped,
            TestCaseStatus.Interrupted => JUnitKind.Error,
            _ => JUnitKind.Failure,
        };
        return new JUnitCase(test.Title, kind, test.DurationMs, Wire(test.Status), test.Errors?[0].Message ?? "", test.Errors?[0].Stack) { Earlier = earlier };
    }

    private static List<EarlierFailure> FailuresIn(IEnumerable<(int Attempt, TestCaseView Test)> before) =>
    [
        .. before.Where(entry => entry.Test.Status is TestCaseStatus.Failed or TestCaseStatus.TimedOut or TestCaseStatus.Interrupted)
            .Select(entry => new EarlierFailure(
                entry.Attempt, entry.Test.Status == TestCaseStatus.Interrupted, Wire(entry.Test.Status), entry.Test.Errors?[0].Message ?? "no message", entry.Test.Errors?[0].Stack)),
    ];

    private static List<EarlierFailure> FailuresOf(IEnumerable<AttemptView> attempts) =>
    [
        .. attempts.Where(attempt => attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Errored)
            .Select(attempt => new EarlierFailure(attempt.Attempt, attempt.Outcome == AttemptOutcome.Errored, attempt.Code ?? "failed", attempt.Message ?? "no message", null)),
    ];

    private static JUnitCase? OfFile(JobView job, IReadOnlyList<AttemptView> attempts, List<JUnitCase> cases)
    {
        var blamed = cases.Exists(test => test.Kind is JUnitKind.Failure or JUnitKind.Error);
        var message = job.Message ?? job.Code ?? "";
        return job.Status switch
        {
            // A pass of tests that nobody listed, and attempts of it that failed outside any test.
            JobStatus.Passed when cases.Count == 0 || (job.Flaky && !cases.Exists(test => test.Earlier.Count > 0)) =>
                new JUnitCase(job.TestPath, JUnitKind.Passed, job.DurationMs ?? 0) { Earlier = FailuresOf(attempts) },
            JobStatus.Failed when !blamed => new JUnitCase(job.TestPath, JUnitKind.Failure, 0, job.Code ?? "failed", message),
            JobStatus.Errored when !blamed => new JUnitCase(job.TestPath, JUnitKind.Error, 0, job.Code ?? "errored", message),
            JobStatus.Cancelled => new JUnitCase(job.TestPath, JUnitKind.Skipped, 0, "cancelled", message.Length == 0 ? "cancelled" : message),
            JobStatus.Queued or JobStatus.Running => new JUnitCase(job.TestPath, JUnitKind.Error, 0, "missing", $"The test has no verdict: it is {Wire(job.Status)}."),
            _ => null,
        };
    }
}
