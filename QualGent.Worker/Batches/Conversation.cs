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
    private static readonly TimeSpan s_fileGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_openGrace = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_endGrace = TimeSpan.FromSeconds(8);
    private readonly BatchRun _run;
    private readonly Supervisor _supervisor;
    private readonly IReadOnlyDictionary<string, ClaimedJob> _jobs;
    private readonly BatchJudge _judge;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _kill;
    private readonly ITimer _fileTime;
    private readonly CancellationTokenRegistration _onYield;
    private readonly CancellationTokenRegistration _onStop;
    private int _round;
    private bool _opened;
    private OpenMessage? _open;
    private volatile bool _late;
    private long _testBegan;

    public Conversation(BatchRun run, Supervisor supervisor, IReadOnlyDictionary<string, ClaimedJob> jobs, WorkerOptions options, TimeProvider time, ILogger logger)
    {
        (_run, _supervisor, _jobs, _options, _time, _logger) = (run, supervisor, jobs, options, time, logger);
        _judge = new BatchJudge(jobs.Keys);
        _kill = time.CreateTimer(_ => supervisor.Kill(), null, s_openGrace, Timeout.InfiniteTimeSpan);
        _fileTime = time.CreateTimer(_ => EndLateFile(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

        await RuleAsync(_judge.HearSilence());
    }

    public async ValueTask DisposeAsync()
    {
        _run.Renewed -= Renew;
        await _onYield.DisposeAsync();
        await _onStop.DisposeAsync();
        await _kill.DisposeAsync();
        await _fileTime.DisposeAsync();
    }

    private async Task HearAsync(SupervisorEvent heard)
    {
        switch (heard.Type)
        {
            case "opened":
                _opened = true;
                StopKillTimer();
                StartRound();
                break;
            case "testBegin":
                _testBegan = _time.GetTimestamp();
                break;
            case "open_failed":
                await RefuseAsync(heard);
                break;
            case "forged" or "rejected":
                BatchLog.Suspicious(_logger, _run.Batch.BatchId, heard.Type, heard.Message);
                break;
        }

        if (_late && _judge.Current is { } file)
        {
            _late = false;
            _judge.TimeIsUp(JudgeLate(_jobs[file]));
        }

        await RuleAsync(_judge.Hear(heard));
        if (heard.Type == "fileEnd")
        {
            _fileTime.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        else if (heard.Type == "round_end")
        {
            StartRound();
        }
    }

    private void StartRound()
    {
        _fileTime.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var files = _run.YieldAsked.IsCancellationRequested || _run.Stopping.IsCancellationRequested ? [] : _judge.NextRound();
        if (files.Count > 0)
        {
            _supervisor.Send(new RunMessage(++_round, files));
        }
        else
        {
            Close();
        }
    }

    private async Task RuleAsync(IReadOnlyList<Ruling> rulings)
    {
        foreach (var (file, verdict) in rulings)
        {
            if (verdict is null)
            {
                _late = false;
                _run.Begin(_jobs[file]);
                _fileTime.Change(_jobs[file].Timeout + s_fileGrace, Timeout.InfiniteTimeSpan);
            }
            else
            {
                await _run.ReportAsync(_jobs[file], verdict with { Message = Readable(verdict.Message) });
            }
        }
    }

    // Testers know their project, not where this host keeps its copy of it.
    private string? Readable(string? message) =>
        message?.Replace(_open!.ProjectDir + "/", "", StringComparison.Ordinal).Replace(_open.ProjectDir, ".", StringComparison.Ordinal).Replace(_open.Out + "/", "", StringComparison.Ordinal);

    // Codes of lib/checks.mjs. What the tester can change is a verdict; what this host got wrong is a loss.
    private async Task RefuseAsync(SupervisorEvent heard)
    {
        var verdict = heard.CodeText switch
        {
            "app_unreadable" => new FileVerdict(JobOutcome.InstallFailed, VerdictCodes.InstallFailed, heard.Message),
            "config_missing" or "app_missing" => FileVerdict.Failed(VerdictCodes.NotFound, heard.Message!),
            "appwright_missing" or "appium_missing" => FileVerdict.Failed(VerdictCodes.UnsupportedVersion, heard.Message!),
            "port_in_use" or "app_changed" => new FileVerdict(JobOutcome.Lost, VerdictCodes.Infrastructure, heard.Message),
            _ => new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, heard.Message),
        };
        BatchLog.OpenFailed(_logger, _run.Batch.BatchId, heard.CodeText ?? "?", heard.Message);
        if (_run.Stopping.IsCancellationRequested)
        {
            return; // It was ended on purpose while it opened.
        }

        _run.HostFailed = verdict.Outcome == JobOutcome.Lost;
        foreach (var job in _jobs.Values)
        {
            await _run.ReportAsync(job, verdict with { Message = Readable(verdict.Message) });
        }
    }

    // Playwright ends a test at its time-out. One that goes on regardless has hung; otherwise the file's tests took too long together.
    private FileVerdict JudgeLate(ClaimedJob job) => _time.GetElapsedTime(_testBegan) >= job.Timeout
        ? FileVerdict.Failed(VerdictCodes.Hang, $"A test went on after its time-out of {job.Timeout}, so the watchdog ended it.")
        : FileVerdict.Failed(VerdictCodes.Timeout, $"The tests of the file took longer than {job.Timeout} together, so they were ended.");

    private void EndLateFile()
    {
        _late = true;
        _supervisor.Send(PlainMessage.Cancel);
    }

    private void Renew(long endBefore) => _supervisor.Send(new LeaseMessage(Deadline(endBefore, _time).ToString(CultureInfo.InvariantCulture)));

    private void Stop()
    {
        if (_run.StopReason == StopReasons.Lease)
        {
            Close(); // Without the life line it hurries: the device may be somebody else's in seconds.
        }
        else
        {
            _supervisor.Send(PlainMessage.Cancel);
            if (!_opened)
            {
                Close();
            }
            else
            {
                _kill.Change(_options.CancelGrace + s_endGrace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Close()
    {
        _kill.Change(_options.CancelGrace + s_endGrace, Timeout.InfiniteTimeSpan);
        _supervisor.Send(PlainMessage.Close);
        _supervisor.HangUp();
    }

    private void StopKillTimer() => _kill.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
