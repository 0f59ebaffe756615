using QualGent.Contracts;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Verdicts;

/// <summary>The test cases of a file as far as they got: a crash or a time-out takes nothing from those that ended before.</summary>
public sealed class TestCases
{
    private readonly List<TestCaseView> _ended = [];
    private SupervisorEvent? _running;

    /// <summary>A test begins.</summary>
    public void Begin(SupervisorEvent heard) => _running = heard;

    /// <summary>A try of a test ends.</summary>
    public void End(SupervisorEvent heard)
    {
        _running = null;
        if (Ended(heard) is { } test)
        {
            _ended.Add(test);
        }
    }

    /// <summary>The test that ended with this; null when it will be tried again.</summary>
    public static TestCaseView? Ended(SupervisorEvent heard) => heard is not { Title: { } title, Final: true } ? null : new TestCaseView
    {
        Title = title,
        Line = heard.Line,
        Status = StatusOf(heard),
        DurationMs = (long)heard.Ms,
        Retries = heard.Retry,
        Errors = heard.Errors is { Count: > 0 } errors ? [.. errors.Select(View)] : null,
    };

    /// <summary>All of them; the one that still runs was interrupted for this reason.</summary>
    public IReadOnlyList<TestCaseView> All(string? reason) => _running is not { Title: { } title } ? [.. _ended] :
    [
        .. _ended,
        new TestCaseView { Title = title, Line = _running.Line, Status = TestCaseStatus.Interrupted, Retries = _running.Retry, Errors = [new TestErrorView(reason ?? "The execution ended.")] },
    ];

    private static TestErrorView View(EventError error) => new(error.Message ?? "no message", error.Stack, error.File, error.Line);

    // A test that is expected to fail and does is as good as one that passes.
    private static TestCaseStatus StatusOf(SupervisorEvent heard) => heard switch
    {
        { Outcome: "flaky" } => TestCaseStatus.Flaky,
        { Status: "skipped" } => TestCaseStatus.Skipped,
        { Status: "interrupted" } => TestCaseStatus.Interrupted,
        { Outcome: "expected" } => TestCaseStatus.Passed,
        { Status: "timedOut" } => TestCaseStatus.TimedOut,
        { Status: "passed", Outcome: not "unexpected" } => TestCaseStatus.Passed,
        _ => TestCaseStatus.Failed,
    };
}
