using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Tests.Verdicts;

public sealed class BatchJudgeTests
{
    private const string A = "tests/a.spec.ts";
    private const string B = "tests/b.spec.ts";
    private const string C = "tests/c.spec.ts";
    private readonly List<string> _said = [];

    [Fact]
    public void Hear_AllPass_EachPassIsCertainWhenTheNextFileBegins()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), FileBegin(A), FileEnd(A, "passed"));
        Assert.Equal(["begun a"], _said);
        Say(judge, FileBegin(B), FileEnd(B, "passed"), RoundEnd());
        Assert.Equal(["begun a", "a Passed", "begun b", "b Passed"], _said);
        Assert.Empty(judge.NextRound());
    }

    [Fact]
    public void Verdicts_NameTheEventsTheyRestOn()
    {
        var judge = Start(A, B, C);
        var rulings = new[] { Begin(A, B, C), FileBegin(A), FileEnd(A, "passed"), FileBegin(B), FileEnd(B, "failed", "assertion"), FileBegin(C) }.SelectMany(judge.Hear).ToList();
        rulings.AddRange(judge.HearSilence());

        Assert.Equal(
            [["#2 fileBegin", "#3 fileEnd passed", "#4 fileBegin"], ["#4 fileBegin", "#5 fileEnd failed"], ["#6 fileBegin", "silence after #6"]],
            rulings.Select(ruling => ruling.Verdict).OfType<FileVerdict>().Select(verdict => verdict.Events));
    }

    [Theory]
    [InlineData("assertion", "failed", JobOutcome.Failed, "assertion")]
    [InlineData("timeout", "failed", JobOutcome.Failed, "timeout")]
    [InlineData("crash", "failed", JobOutcome.Failed, "crash")]
    [InlineData(null, "skipped", JobOutcome.Failed, "no_tests_ran")]
    public void Hear_FileEndsBadly_FileIsJudgedAtOnceAndMatesGoOn(string? code, string status, JobOutcome outcome, string expected)
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), FileBegin(A), FileEnd(A, status, code));
        Assert.Equal(["begun a", $"a {outcome} {expected}"], _said);
        Say(judge, FileBegin(B), FileEnd(B, "passed"), RoundEnd());
        Assert.Equal("b Passed", _said[^1]);
    }

    [Fact]
    public void Hear_OneFileDoesNotLoad_OnlyItFailsAndTheRestRunsAgain()
    {
        var judge = Start(A, B, C);
        Say(judge, Begin(), Error("load_error", B), RoundEnd());
        Assert.Equal(["b Failed load_error"], _said);
        Assert.Equal([A, C], judge.NextRound());
    }

    [Fact]
    public void Hear_FocusedTest_OnlyItFailsAndTheRestRunsAgain()
    {
        var judge = Start(A, B);
        Say(judge, Begin(), Error("focused_tests", A), RoundEnd());
        Assert.Equal(["a Failed focused_tests"], _said);
        Assert.Equal([B], judge.NextRound());
    }

    [Fact]
    public void Hear_FileMissingFromThePlan_RunsAloneBeforeItIsJudged()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A), FileBegin(A), FileEnd(A, "passed"), RoundEnd());
        Assert.Equal(["begun a", "a Passed"], _said);
        Assert.Equal([B], judge.NextRound());
        Say(judge, Begin(), Error("no_tests"), RoundEnd());
        Assert.Equal("b Failed no_tests", _said[^1]);
        Assert.Empty(judge.NextRound());
    }

    [Fact]
    public void Hear_ErrorAfterTheLastPass_DoubtedFileRunsAloneThenErrs()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), FileBegin(A), FileEnd(A, "passed"), FileBegin(B), FileEnd(B, "passed"), Error("runner_error", B), RoundEnd());
        Assert.Equal(["begun a", "a Passed", "begun b", "set back b"], _said);
        Assert.Equal([B], judge.NextRound());
        Say(judge, Begin(B), FileBegin(B), FileEnd(B, "passed"), Error("runner_error", B), RoundEnd());
        Assert.Equal("b Errored runner_error", _said[^1]);
    }

    [Fact]
    public void Hear_ErrorWithoutTraceBeforeAnyTest_NobodyPassesAndEachRunsAlone()
    {
        var judge = Start(A, B);
        Say(judge, Begin(), Error("runner_error"), RoundEnd());
        Assert.Empty(_said);
        Assert.Equal([A], judge.NextRound());
        Say(judge, Begin(), Error("runner_error"), RoundEnd());
        Assert.Equal([B], judge.NextRound());
        Say(judge, Begin(B), FileBegin(B), FileEnd(B, "passed"), RoundEnd());
        Assert.Equal(["a Errored runner_error", "begun b", "b Passed"], _said);
    }

    [Fact]
    public void Hear_HelperDoesNotLoad_EachFileRunsAloneAndOnlyThoseThatNeedItFail()
    {
        var judge = Start(A, B);
        Say(judge, Begin(), Error("load_error"), RoundEnd());
        Assert.Equal([A], judge.NextRound());
        Say(judge, Begin(), Error("load_error"), RoundEnd());
        Assert.Equal([B], judge.NextRound());
        Say(judge, Begin(B), FileBegin(B), FileEnd(B, "passed"), RoundEnd());
        Assert.Equal(["a Failed load_error", "begun b", "b Passed"], _said);
    }

    [Fact]
    public void Hear_GlobalSetUpFails_EveryFileFails()
    {
        var judge = Start(A, B);
        Say(judge, Begin(), Error("setup_failed"), RoundEnd());
        Assert.Equal(["a Failed setup_failed", "b Failed setup_failed"], _said);
    }

    [Fact]
    public void Hear_SetUpProjectFails_EveryFileBehindItFails()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), new SupervisorEvent { Type = "setup", Status = "failed", Title = "creates the accounts" }, RoundEnd());
        Assert.Equal(["a Failed setup_failed", "b Failed setup_failed"], _said);
    }

    [Fact]
    public void Hear_WatchdogEndsTheRound_RunningFileHangsAndTheRestRunsAgain()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), FileBegin(A), RoundEnd("idle"));
        Assert.Equal(["begun a", "a Failed hang"], _said);
        Assert.Equal([B], judge.NextRound());
    }

    [Fact]
    public void Hear_RoundEndsInOrderWithoutAWordAboutTheRunningFile_ItRunsAloneThenErrs()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), FileBegin(A), RoundEnd());
        Assert.Equal(["begun a", "set back a"], _said);
        Assert.Equal([A], judge.NextRound());
        Say(judge, Begin(A), FileBegin(A), RoundEnd());
        Assert.Equal("a Errored runner_error", _said[^1]);
    }

    [Fact]
    public void Hear_RunnerDies_RunningFileCrashedAndTheRestRunsAgain()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), FileBegin(A), RoundEnd("runner_died"));
        Assert.Equal(["begun a", "a Failed crash"], _said);
        Assert.Equal([B], judge.NextRound());
    }

    [Theory]
    [InlineData("appium_died")]
    [InlineData("device_lost")]
    public void Hear_DeviceGoes_RunningFileIsLostEvenIfItsTestFailsAndTheRestIsNotJudged(string fault)
    {
        var judge = Start(A, B, C);
        Say(judge, Begin(A, B, C), FileBegin(A), FileEnd(A, "passed"), FileBegin(B), new SupervisorEvent { Type = fault }, FileEnd(B, "failed", "assertion"), RoundEnd(fault));
        Assert.Equal(["begun a", "a Passed", "begun b", "b Lost infrastructure"], _said);
        Assert.Empty(judge.NextRound());
    }

    [Fact]
    public void Hear_AppDoesNotInstall_NobodyIsBlamedAndAllSaySo()
    {
        var judge = Start(A, B);
        Say(judge, Begin(A, B), FileBegin(A), new SupervisorEvent { Type = "install_failed", Message = "INSTALL_FAILED" }, FileEnd(A, "failed", "assertion"), RoundEnd("install_failed"));
        Assert.Equal(["begun a", "a InstallFailed install_failed", "b InstallFailed install_failed"], _said);
        Assert.Empty(judge.NextRound());
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("lease")]
    [InlineData("yield")]
    public void Hear_RoundEndedOnPurpose_WhatPassedStaysAndNothingElseIsJudged(string reason)
    {
        var judge = Start(A, B, C);
        Say(judge, Begin(A, B, C), FileBegin(A), FileEnd(A, "passed"), FileBegin(B), RoundEnd(reason));
        Assert.Equal(["begun a", "a Passed", "begun b"], _said);
        Assert.Empty(judge.NextRound());
    }

    [Fact]
    public void HearSilence_SupervisorDied_RunningFileIsLostAndThePassBeforeItStays()
    {
        var judge = Start(A, B, C);
        Say(judge, Begin(A, B, C), FileBegin(A), FileEnd(A, "passed"), FileBegin(B));
        Keep(judge.HearSilence());
        Assert.Equal(["begun a", "a Passed", "begun b", "b Lost infrastructure"], _said);
    }

    [Theory]
    [InlineData(true, "a Passed")]
    [InlineData(false, "a Lost infrastructure")]
    public void HearSilence_AfterTheLastPass_PassStandsOnlyWhenPlaywrightHadSaidEverything(bool end, string expected)
    {
        var judge = Start(A);
        Say(judge, [Begin(A), FileBegin(A), FileEnd(A, "passed"), .. end ? [new SupervisorEvent { Type = "end", Status = "passed" }] : Array.Empty<SupervisorEvent>()]);
        Keep(judge.HearSilence());
        Assert.Equal(["begun a", expected], _said);
    }

    [Fact]
    public void Hear_TimerOfTheFormerFileCancels_NextFileRunsAgainUnjudged()
    {
        var judge = Start(A, B, C);
        Say(judge, Begin(A, B, C), FileBegin(A), FileEnd(A, "passed"), FileBegin(B), RoundEnd(BatchJudge.TimerCancelled));
        Assert.Equal(["begun a", "a Passed", "begun b", "set back b"], _said);
        Assert.Equal([B, C], judge.NextRound());
    }

    [Fact]
    public void Hear_RoundCannotBeStarted_EveryFileErrs()
    {
        var judge = Start(A, B);
        Say(judge, RoundEnd("spawn_failed"));
        Assert.Equal(["a Errored runner_error", "b Errored runner_error"], _said);
        Assert.Empty(judge.NextRound());
    }

    [Fact]
    public void TimeIsUp_FileRanTooLong_FileFailsAndTheRestRunsAgain()
    {
        var judge = Start(A, B, C);
        Say(judge, Begin(A, B, C), FileBegin(A));
        judge.TimeIsUp(FileVerdict.Failed(VerdictCodes.Hang, "too long"));
        Say(judge, RoundEnd("cancel"));
        Assert.Equal(["begun a", "a Failed hang"], _said);
        Assert.Equal([B, C], judge.NextRound());
    }

    [Fact]
    public void Hear_AppInstalledDuringTheFirstFile_OnlyThatOneSaysSo()
    {
        var judge = Start(A, B);
        var verdicts = new List<FileVerdict>();
        foreach (var heard in (SupervisorEvent[])[Begin(A, B), FileBegin(A), new() { Type = "installed" }, FileEnd(A, "passed"), FileBegin(B), FileEnd(B, "passed"), RoundEnd()])
        {
            verdicts.AddRange(judge.Hear(heard).Select(ruling => ruling.Verdict).OfType<FileVerdict>());
        }

        Assert.Equal([true, false], verdicts.Select(verdict => verdict.Installed));
    }

    [Fact]
    public void NextRound_NothingIsEverSaid_EndsAfterOneLoneRoundPerFile()
    {
        var judge = new BatchJudge([A, B, C]);
        var rounds = 0;
        while (judge.NextRound() is { Count: > 0 })
        {
            rounds++;
            Say(judge, RoundEnd("not_started"));
        }

        Assert.Equal(4, rounds);
        Assert.Equal(["a Errored runner_error", "b Errored runner_error", "c Errored runner_error"], _said);
    }

    private static BatchJudge Start(params string[] files)
    {
        var judge = new BatchJudge(files);
        Assert.Equal(files, judge.NextRound());
        return judge;
    }

    private void Say(BatchJudge judge, params SupervisorEvent[] events)
    {
        foreach (var heard in events)
        {
            Keep(judge.Hear(heard));
        }
    }

    private void Keep(IReadOnlyList<Ruling> rulings) =>
        _said.AddRange(rulings.Select(ruling => ruling.SetBack ? $"set back {Short(ruling.File)}" : ruling.Verdict is null ? $"begun {Short(ruling.File)}" : $"{Short(ruling.File)} {ruling.Verdict.Outcome} {ruling.Verdict.Code}".TrimEnd()));

    private static string Short(string file) => Path.GetFileName(file)[..1];

    private static SupervisorEvent Begin(params string[] files) =>
        SupervisorEvent.Parse($$"""{"type":"begin","files":[{{string.Join(',', files.Select(file => $"{{\"file\":\"{file}\",\"tests\":1}}"))}}]}""")!;

    private static SupervisorEvent FileBegin(string file) => new() { Type = "fileBegin", File = file };

    private static SupervisorEvent FileEnd(string file, string status, string? code = null) =>
        SupervisorEvent.Parse($$"""{"type":"fileEnd","file":"{{file}}","status":"{{status}}","code":{{(code is null ? "null" : $"\"{code}\"")}},"passed":1,"ms":12}""")!;

    private static SupervisorEvent Error(string kind, params string[] files) =>
        SupervisorEvent.Parse($$$"""{"type":"error","kind":"{{{kind}}}","files":[{{{Quoted(files)}}}],"error":{"message":"what went wrong"}}""")!;

    private static string Quoted(string[] files) => string.Join(',', files.Select(file => $"\"{file}\""));

    private static SupervisorEvent RoundEnd(string? reason = null) => new() { Type = "round_end", Reason = reason };
}
