using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Verdicts;

/// <summary>
/// Turns the events of a batch into verdicts, file by file, and says what to run next. Pure: no clock, no process. Exit
/// codes decide nothing. A file about which nothing certain is known is run alone before it is judged; one that has not
/// begun when the batch ends is not judged at all.
/// </summary>
public sealed partial class BatchJudge
{
    private readonly List<FileState> _files;
    private readonly List<Ruling> _rulings = [];
    private RoundState _round = new([]);
    private TimeSpan? _installedUnclaimed;
    private int _heardCount;
    private string _heard = "";

    /// <summary>A batch of these files.</summary>
    public BatchJudge(IEnumerable<string> files) => _files = [.. files.Select(file => new FileState(file))];

    /// <summary>Whether no further round makes sense: everything is judged, or the device, the lease or the patience is gone.</summary>
    public bool Over { get; private set; }

    /// <summary>Reason of a round's end: cancelled by the timer of a file, not because anybody asked.</summary>
    public const string TimerCancelled = "timer_cancelled";

    /// <summary>The file that runs now.</summary>
    public string? Current => _round.Current?.Name;

    /// <summary>Files of the next round: all that wait, or one of those that must run alone. Empty when there is none.</summary>
    public IReadOnlyList<string> NextRound()
    {
        if (Over)
        {
            return [];
        }

        var waiting = _files.Where(file => file.State == Progress.Waiting).ToList();
        _round = new RoundState(waiting.Count > 0 ? waiting : [.. _files.Where(file => file.State == Progress.Alone).Take(1)]) { Alone = waiting.Count == 0 };
        Over = _round.Files.Count == 0;
        return [.. _round.Files.Select(file => file.Name)];
    }

    /// <summary>Takes an event in.</summary>
    /// <returns>What has become certain by it, in order.</returns>
    public IReadOnlyList<Ruling> Hear(SupervisorEvent heard)
    {
        _rulings.Clear();
        _heard = Named(heard);
        switch (heard.Type)
        {
            case "begin":
                _round.Planned = [.. heard.FileNames];
                break;
            case "notFound" when Find(heard.File) is { } missing:
                _round.Missing.Add(missing);
                break;
            case "setup" when heard.Status == "failed":
                _round.SetupFailure ??= $"The set-up '{heard.Title}' failed: {Describe(heard.Errors)}";
                break;
            case "fileBegin" when Find(heard.File) is { } file:
                BeginFile(file);
                break;
            case "testBegin":
                Find(heard.File)?.Cases.Begin(heard);
                break;
            case "testEnd":
                EndTest(heard);
                break;
            case "fileEnd" when Find(heard.File) is { } file:
                EndFile(file, heard);
                break;
            case "error":
                HearError(heard);
                break;
            case "installed":
                HearInstalled(TimeSpan.FromMilliseconds(heard.Ms));
                break;
            case "install_failed" or "device_lost" or "appium_died":
                _round.Fault ??= (heard.Type, heard.Message);
                break;
            case "end":
                KeepPass(); // Playwright has said everything.
                break;
            case "round_end":
                EndRound(heard.Reason, heard.Message);
                break;
        }

        return [.. _rulings];
    }

    /// <summary>
    /// The supervisor is gone, by itself or by somebody's hand. A pass that another file or Playwright's end came after
    /// stands; the last one without either is lost like a running file, for an error outside the tests might have followed.
    /// </summary>
    public IReadOnlyList<Ruling> HearSilence()
    {
        _rulings.Clear();
        _heard = $"silence after #{_heardCount}";
        if (!Over && (_round.Current ?? _round.Passed) is { } file)
        {
            Judge(file, Lost("The batch's supervisor ended unexpectedly."));
        }

        Over = true;
        return [.. _rulings];
    }

    /// <summary>The current file used up its time: when the round ends, this is why.</summary>
    public void TimeIsUp(FileVerdict verdict)
    {
        if (_round.Current is { } file)
        {
            file.OutOfTime = verdict;
        }
    }

    /// <summary>How far the tests of a file got that began and was not judged.</summary>
    /// <param name="file">The file.</param>
    /// <param name="reason">What interrupted the one that still runs.</param>
    public IReadOnlyList<TestCaseView> CasesOf(string file, string reason) => _files.Find(state => state.Name == file && state.Begun && state.State != Progress.Judged)?.Cases.All(reason) ?? [];

    // E.g. "#9 fileEnd passed": its number in the batch, its kind, and what it says in a word.
    private string Named(SupervisorEvent heard) =>
        string.Join(' ', new[] { $"#{++_heardCount}", heard.Type, heard.Status ?? heard.Kind ?? heard.Reason }.Where(part => !string.IsNullOrEmpty(part)));

    private static FileVerdict Lost(string message) => new(JobOutcome.Lost, VerdictCodes.Infrastructure, message);

    private static string Describe(IReadOnlyList<EventError>? errors) => errors is [var first, ..] ? Describe(first) : "no message";

    private static string Describe(EventError? error) =>
        error is null ? "no message" : string.Join('\n', new[] { error.Message, error.File is null ? null : $"at {error.File}:{error.Line}", error.Snippet }.Where(part => !string.IsNullOrEmpty(part)));

    private FileState? Find(string? name) => _round.Files.Find(file => file.Name == name);

    private void BeginFile(FileState file)
    {
        KeepPass();
        if (file.State == Progress.Judged)
        {
            return;
        }

        _round.Current = file;
        file.RestsOn(_heard);
        file.Begun = true;
        file.State = Progress.Running;
        file.Installed |= _installedUnclaimed is not null;
        file.InstallTime ??= _installedUnclaimed;
        _installedUnclaimed = null;
        _rulings.Add(new Ruling(file.Name, null));
    }

    private void EndTest(SupervisorEvent heard)
    {
        Find(heard.File)?.Cases.End(heard);
        if (Find(heard.File) is { } file && heard.CodeText is not null)
        {
            if (file.Failure is null)
            {
                file.RestsOn(_heard);
            }

            file.Failure ??= heard.Title is null ? Describe(heard.Errors) : $"{heard.Title}: {Describe(heard.Errors)}";
        }
    }

    private void EndFile(FileState file, SupervisorEvent heard)
    {
        if (_round.Fault is not null || file.State != Progress.Running)
        {
            return; // A test that fails because its device went says nothing about the test.
        }

        file.RestsOn(_heard);
        file.Duration = TimeSpan.FromMilliseconds(heard.Ms);
        file.Tests = new TestCounts(heard.Passed + heard.Flaky, heard.Failed, heard.Skipped);
        _round.Current = null;
        switch (heard.Status)
        {
            case "failed":
                Judge(file, FileVerdict.Failed(heard.CodeText ?? VerdictCodes.Assertion, file.Failure ?? "A test of the file failed."));
                break;
            case "skipped":
                Judge(file, FileVerdict.Failed(VerdictCodes.NoTestsRan, "Every test of the file was skipped, so nothing was tested. Remove the skip, or take the file out of the run."));
                break;
            default:
                _round.Passed = file; // Held until it is certain that no error outside the tests belongs to it.
                break;
        }
    }

    private void SetBack(FileState file, Progress state)
    {
        if (file.Begun)
        {
            _rulings.Add(new Ruling(file.Name, null, SetBack: true));
        }

        file.Reset(state);
    }

    private void HearInstalled(TimeSpan took)
    {
        if (_round.Current is { } file)
        {
            file.Installed = true;
            file.InstallTime = (file.InstallTime ?? TimeSpan.Zero) + took; // with a full reset there is one for each test
        }
        else
        {
            _installedUnclaimed = took;
        }
    }

    private void KeepPass()
    {
        if (_round.Passed is { } file)
        {
            _round.Passed = null;
            Judge(file, file.Doubt is null ? new FileVerdict(JobOutcome.Passed) : null);
        }
    }

    /// <summary>A verdict, or null for a file that must run alone first.</summary>
    private void Judge(FileState file, FileVerdict? verdict)
    {
        if (file.State == Progress.Judged)
        {
            return;
        }

        if (verdict is null && !_round.Alone)
        {
            SetBack(file, Progress.Alone);
            return;
        }

        verdict ??= new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, file.Doubt ?? "AppWright ended without saying anything about the file.");
        file.State = Progress.Judged;
        file.RestsOn(_heard);
        _rulings.Add(new Ruling(file.Name, verdict with { Events = file.Events, Duration = verdict.Duration ?? file.Duration, Tests = file.Tests, Installed = file.Installed, InstallTime = file.InstallTime, Cases = file.Cases.All(verdict.Message) }));
    }
}

/// <summary>Something has become certain about a file, or has turned out not to be.</summary>
/// <param name="File">The file.</param>
/// <param name="Verdict">Its verdict; null when it has begun, or was set back.</param>
/// <param name="SetBack">It had begun and waits for another round.</param>
public sealed record Ruling(string File, FileVerdict? Verdict, bool SetBack = false);
