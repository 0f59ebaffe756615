using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Tests.Verdicts;

/// <summary>What a verdict says of single tests, also when the file did not get to its end.</summary>
public sealed class TestCasesTests
{
    private const string File = "tests/a.spec.ts";
    private readonly BatchJudge _judge = new([File]);
    private readonly List<FileVerdict> _verdicts = [];

    public TestCasesTests()
    {
        _judge.NextRound();
        Hear("""{"type":"begin","files":[{"file":"tests/a.spec.ts","tests":3}]}""", """{"type":"fileBegin","file":"tests/a.spec.ts"}""");
    }

    [Theory]
    [InlineData("passed", "expected", TestCaseStatus.Passed)]
    [InlineData("failed", "expected", TestCaseStatus.Passed)]
    [InlineData("passed", "unexpected", TestCaseStatus.Failed)]
    [InlineData("failed", "unexpected", TestCaseStatus.Failed)]
    [InlineData("timedOut", "unexpected", TestCaseStatus.TimedOut)]
    [InlineData("skipped", "skipped", TestCaseStatus.Skipped)]
    [InlineData("passed", "flaky", TestCaseStatus.Flaky)]
    [InlineData("interrupted", "unexpected", TestCaseStatus.Interrupted)]
    public void Test_ThatEnds_HasItsStatus(string status, string outcome, TestCaseStatus expected)
    {
        Hear(Begin("one"), End("one", status, outcome), """{"type":"fileEnd","file":"tests/a.spec.ts","status":"passed","passed":1,"ms":5}""", """{"type":"end"}""");
        var test = Assert.Single(Assert.Single(_verdicts).Cases);
        Assert.Equal(("one", expected, 12, 7), (test.Title, test.Status, test.DurationMs, test.Line));
    }

    [Fact]
    public void Test_TriedAgain_IsListedOnceWithItsLastTry()
    {
        Hear(
            Begin("one"), End("one", "failed", "flaky").Replace("\"final\":true", "\"final\":false", StringComparison.Ordinal), Begin("one"),
            End("one", "passed", "flaky").Replace("\"retry\":0", "\"retry\":1", StringComparison.Ordinal), """{"type":"fileEnd","file":"tests/a.spec.ts","status":"passed","passed":1,"ms":5}""", """{"type":"end"}""");
        var test = Assert.Single(Assert.Single(_verdicts).Cases);
        Assert.Equal((TestCaseStatus.Flaky, 1), (test.Status, test.Retries));
    }

    [Fact]
    public void Runner_ThatDiesInATest_LeavesThoseBeforeAndNamesTheInterruptedOne()
    {
        Hear(Begin("one"), End("one", "passed", "expected"), Begin("two"), """{"type":"round_end","reason":"runner_died","message":"Killed"}""");
        var verdict = Assert.Single(_verdicts);
        Assert.Equal(JobOutcome.Failed, verdict.Outcome);
        Assert.Equal([("one", TestCaseStatus.Passed), ("two", TestCaseStatus.Interrupted)], verdict.Cases.Select(test => (test.Title, test.Status)));
        Assert.Contains("Killed", verdict.Cases[1].Errors![0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatNobodyJudges_StillTellsHowFarItGot()
    {
        Hear(Begin("one"), End("one", "passed", "expected"), Begin("two"), """{"type":"round_end","reason":"cancel"}""");
        Assert.Empty(_verdicts);
        Assert.Equal([("one", null), ("two", "Cancelled while it ran.")], _judge.CasesOf(File, "Cancelled while it ran.").Select(test => (test.Title, test.Errors?[0].Message)));
    }

    private void Hear(params string[] lines)
    {
        foreach (var line in lines)
        {
            _verdicts.AddRange(_judge.Hear(SupervisorEvent.Parse(line)!).Select(ruling => ruling.Verdict).OfType<FileVerdict>());
        }
    }

    private static string Begin(string title) => $$"""{"type":"testBegin","file":"tests/a.spec.ts","title":"{{title}}","line":7,"retry":0}""";

    private static string End(string title, string status, string outcome) =>
        $$"""{"type":"testEnd","file":"tests/a.spec.ts","title":"{{title}}","line":7,"retry":0,"status":"{{status}}","outcome":"{{outcome}}","final":true,"ms":12.4}""";
}
