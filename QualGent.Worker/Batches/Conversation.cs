using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>The talk with the supervisor of one batch: what is asked of the batch goes there, what happens comes back as verdicts.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    private static readonly TimeSpan s_supervisorMargin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_openGrace = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_endGrace = TimeSpan.FromSeconds(8);
    // The supervisor's own limits come first: between tests it waits two minutes, in a test the file's time-out and some seconds.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(3);
    private readonly BatchRun _run;
    private readonly Supervisor _supervisor;
    private readonly IReadOnlyDictionary<string, ClaimedJob> _jobs;
    private readonly BatchJudge _judge;
    private readonly LeftFiles _left;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Watchdog _watchdog;
    private readonly FileLimit _limit;
    private readonly CancellationTokenRegistration _onYield;
    private readonly CancellationTokenRegistration _onStop;
    private int _round;
    private bool? _opened; // unknown, until it has said so
    private bool _roundRuns;
    private OpenMessage? _open;

    public Conversation(BatchRun run, Supervisor supervisor, IReadOnlyDictionary<string, ClaimedJob> jobs, WorkerOptions options, TimeProvider time, ILogger logger)
    {
        (_run, _supervisor, _jobs, _options, _time, _logger) = (run, supervisor, jobs, options, time, logger);
        _judge = new BatchJudge(jobs.Keys);
        _left = new LeftFiles(run.Artifacts);
        _watchdog = new Watchdog(supervisor.Kill, s_openGrace, time);
        _limit = new FileLimit(EndLateFile, time);
        run.Renewed += Renew;
        _onYield = run.YieldAsked.Register(() => supervisor.Send(PlainMessage.Yield));
        _onStop = run.Stopping.Register(Stop);
    }

    /// <summary>The supervisor ends a batch some seconds before the deadline it is told; this one makes that moment the given timestamp.</summary>
    public static long Deadline(long endBefore, TimeProvider time) =>
        (long)(endBefore * (1e9 / time.TimestampFrequency)) + (long)s_supervisorMargin.TotalNanoseconds;

    /// <summary>Returns when the supervisor has nothing more to say.</summary>
    public async Task HoldAsync(OpenMessage open)
    {
        _open = open;
        _supervisor.Send(open);
        await foreach (var heard in _supervisor.Events.ReadAllAsync())
        {
            await HearAsync(heard);
        }

        if (_opened is null)
        {
            await RefuseAsync(OpenFailure.Silence(await _supervisor.ReadLastWordsAsync()));
        }

        await RuleAsync(_judge.HearSilence());
        foreach (var (file, job) in _jobs)
        {
            _run.KeepCases(job, Readable(_judge.CasesOf(file, StopReasons.Explain(_run.StopReason))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _run.Renewed -= Renew;
        await _onYield.DisposeAsync();
        await _onStop.DisposeAsync();
        await _watchdog.DisposeAsync();
        await _limit.DisposeAsync();
    }

    private async Task HearAsync(SupervisorEvent heard)
    {
        heard = Interpret(heard);
        KeepWatch(heard.Type);
        switch (heard.Type)
        {
            case "opened":
                _opened = true;
                StartRound();
                break;
            case "log" when heard.Stream == "appwright":
                _run.Logs.Print(Readable(heard.Text), heard.Dropped ?? 0, heard.Quiet);
                return;
            case "testBegin":
                _limit.TestBegins();
                break;
            case "fileEnd" when heard.File is not null && _jobs.TryGetValue(heard.File, out var ended):
                _run.EndFile(ended);
                break;
            case "round_end" when heard.Reason == "lease":
                _run.EndLease(); // The supervisor's clock was first.
                break;
            case "open_failed":
                _opened = false;
                BatchLog.OpenFailed(_logger, _run.Batch.BatchId, heard.CodeText ?? "?", heard.Message);
                await RefuseAsync(OpenFailure.Judge(heard.CodeText, heard.Message));
                break;
            case "forged" or "rejected":
                BatchLog.Suspicious(_logger, _run.Batch.BatchId, heard.Type, heard.Message);
                break;
        }

        if (heard.File is not null && _jobs.TryGetValue(heard.File, out var job))
        {
            _left.Hear(job, heard);
        }

        if (_limit.IsOver && _judge.Current is not null)
        {
            _judge.TimeIsUp(_limit.Judge());
        }

        await RuleAsync(_judge.Hear(heard));
        ShowTests(heard);
        if (heard.Type == "fileEnd")
        {
            _limit.Stop();
        }
        else if (heard.Type == "round_end")
        {
            _run.Logs.EndRound();
            StartRound();
        }
    }

    private void ShowTests(SupervisorEvent heard)
    {
        if (heard.File is not { } file || file != _judge.Current)
        {
            return;
        }

        if (heard.Type == "fileBegin")
        {
            _run.BeginTests(_jobs[file], heard.Tests);
        }
        else if (heard.Type == "testEnd" && TestCases.Ended(heard) is { } test)
        {
            _run.EndTest(test);
        }
    }

    // Two ends of a round that the supervisor cannot name: a round it refuses to run never ends, and a cancel may come from
    // the file's timer alone, a moment after that file ended.
    private SupervisorEvent Interpret(SupervisorEvent heard)
    {
        if (heard.Type == "rejected" && _roundRuns)
        {
            BatchLog.Suspicious(_logger, _run.Batch.BatchId, heard.Type, heard.Message);
            _run.HostFailed = true;
            return heard with { Type = "round_end", Reason = "spawn_failed" };
        }

        return heard is { Type: "round_end", Reason: "cancel" } && !_run.Stopping.IsCancellationRequested ? heard with { Reason = BatchJudge.TimerCancelled } : heard;
    }

    private void KeepWatch(string type)
    {
        var next = s_silence + _options.CancelGrace + _jobs.Values.Max(job => job.Timeout);
        if (type is "round_end")
        {
            _roundRuns = false;
            _watchdog.HeardRoundEnd(next);
        }
        else if (type is not "log")
        {
            _watchdog.Heard(next);
        }
    }

    private void StartRound()
    {
        _limit.Stop();
        var files = _run.YieldAsked.IsCancellationRequested || _run.Stopping.IsCancellationRequested ? [] : _judge.NextRound();
        if (files.Count > 0)
        {
            _roundRuns = true;
            _supervisor.Send(new RunMessage(++_round, files));
        }
        else
        {
            Close();
        }
    }

    private async Task RuleAsync(IReadOnlyList<Ruling> rulings)
    {
        foreach (var (file, verdict, setBack) in rulings)
        {
            if (setBack)
            {
                _run.SetBack(_jobs[file]);
            }
            else if (verdict is null)
            {
                _run.Begin(_jobs[file], _round);
                _limit.Start(_jobs[file].Timeout);
            }
            else
            {
                await _run.ReportAsync(_jobs[file], Readable(verdict));
            }
        }
    }

    private FileVerdict Readable(FileVerdict verdict) => verdict with
    {
        Message = Readable(verdict.Message),
        Cases = Readable(verdict.Cases),
    };

    private List<TestCaseView> Readable(IReadOnlyList<TestCaseView> cases) =>
        [.. cases.Select(test => test with { Errors = test.Errors is null ? null : [.. test.Errors.Select(error => error with { Message = Readable(error.Message)!, Stack = Readable(error.Stack) })] })];

    // Testers know their project, not where this host keeps its copy of it.
    private string? Readable(string? message) =>
        message?.Replace(_open!.ProjectDir + "/", "", StringComparison.Ordinal).Replace(_open.ProjectDir, ".", StringComparison.Ordinal).Replace(_open.Out + "/", "", StringComparison.Ordinal);

    private async Task RefuseAsync(FileVerdict verdict)
    {
        if (_run.Stopping.IsCancellationRequested)
        {
            return; // It was ended on purpose while it opened.
        }

        _run.HostFailed |= verdict.Outcome == JobOutcome.Lost;
        foreach (var job in _jobs.Values)
        {
            await _run.ReportAsync(job, Readable(verdict));
        }
    }

    private void EndLateFile()
    {
        _watchdog.ExpectRoundEnd(_options.CancelGrace + s_endGrace);
        _supervisor.Send(PlainMessage.Cancel);
    }

    private void Renew(long endBefore) => _supervisor.Send(new LeaseMessage(Deadline(endBefore, _time).ToString(CultureInfo.InvariantCulture)));

    private void Stop()
    {
        if (_run.StopReason is StopReasons.Lease or StopReasons.Outage)
        {
            Close(); // Without the life line it hurries: the device may be somebody else's in seconds.
        }
        else
        {
            _supervisor.Send(PlainMessage.Cancel);
            if (_opened is not true)
            {
                Close();
            }
            else
            {
                _watchdog.ExpectEnd(_options.CancelGrace + s_endGrace);
            }
        }
    }

    private void Close()
    {
        _watchdog.ExpectEnd(_options.CancelGrace + s_endGrace);
        _supervisor.Send(PlainMessage.Close);
        _supervisor.HangUp();
    }
}
