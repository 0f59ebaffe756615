using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Verdicts;

/// <summary>What errors outside tests and the end of a round mean.</summary>
public sealed partial class BatchJudge
{
    private void HearError(SupervisorEvent heard)
    {
        var text = Describe(heard.Error);
        switch (heard.Kind)
        {
            case "focused_tests":
                // Names the file; nothing of the round runs.
                if (Find(heard.Error?.File) is { } focused)
                {
                    Judge(focused, FileVerdict.Failed(VerdictCodes.FocusedTests, $"The file contains test.only, which would leave out every other test. Remove it.\n{text}"));
                    _round.Explained = true;
                }

                break;
            case "no_tests":
                _round.SaidNoTests = true;
                break;
            case "global_timeout":
                break;
            default:
                Attribute(heard, text);
                break;
        }
    }

    private void Attribute(SupervisorEvent heard, string text)
    {
        var named = Find(heard.Error?.File) ?? _round.Files.Find(file => heard.Error?.Stack?.Contains(file.Name, StringComparison.Ordinal) == true);
        var suspect = Find(heard.During) ?? _round.Passed ?? _round.Current;
        if (suspect is not null)
        {
            suspect.Doubt ??= text;
        }
        else if (named is { Begun: false })
        {
            Judge(named, FileVerdict.Failed(VerdictCodes.LoadError, text));
            _round.Explained = true;
        }
        else if (named is not null)
        {
            named.Doubt ??= text;
        }
        else
        {
            _round.Error ??= (heard.Error?.File, text);
        }
    }

    private void EndRound(string? reason, string? message)
    {
        foreach (var missing in _round.Missing)
        {
            Judge(missing, FileVerdict.Failed(VerdictCodes.NotFound, $"There is no file '{missing.Name}' in the project."));
        }

        var running = _round.Current;
        KeepPass();
        if (running?.OutOfTime is { } late)
        {
            Judge(running, late);
            reason = null;
        }

        switch (_round.Fault?.Kind ?? reason)
        {
            case "install_failed":
                RefuseInstall(_round.Fault?.Message ?? message ?? "The app could not be installed.");
                break;
            case "device_lost" or "appium_died" or "spawn_failed":
                LoseDevice(running, _round.Fault?.Kind ?? reason!, _round.Fault?.Message ?? message);
                break;
            case "cancel" or "lease" or "stdin" or "signal" or "close" or "yield":
                Over = true; // What began and has not ended is the batch's to report, for it knows who stopped it.
                break;
            case "idle":
                EndSilence(running, FileVerdict.Failed(VerdictCodes.Hang, "Nothing happened for too long, so the watchdog ended the test."));
                break;
            case "runner_died" or "not_started":
                EndSilence(running, running is null ? null : FileVerdict.Failed(VerdictCodes.Crash, $"AppWright's process ended while the file ran. Its last words:\n{message}"), message);
                break;
            default:
                EndOrderly(running);
                break;
        }

        _round.Current = null;
    }

    private void RefuseInstall(string message)
    {
        foreach (var file in _files.Where(file => file.State != Progress.Judged).ToList())
        {
            Judge(file, new FileVerdict(JobOutcome.InstallFailed, VerdictCodes.InstallFailed, message));
        }

        Over = true;
    }

    private void LoseDevice(FileState? running, string fault, string? message)
    {
        if (running is not null)
        {
            Judge(running, Lost(string.Join(": ", new[] { fault == "device_lost" ? "The device was lost" : "Appium ended unexpectedly", message }.Where(part => !string.IsNullOrEmpty(part)))));
        }

        Over = true;
    }

    // The round ended without a word: only the file that ran can be to blame; without one, each has to show itself alone.
    private void EndSilence(FileState? running, FileVerdict? verdict, string? lastWords = null)
    {
        if (running is not null)
        {
            Judge(running, verdict);
            return;
        }

        foreach (var file in Unbegun())
        {
            file.Doubt ??= $"AppWright ended before any test began. Its last words:\n{lastWords}";
            Judge(file, _round.Alone ? verdict : null);
        }
    }

    private void EndOrderly(FileState? running)
    {
        if (running is not null)
        {
            Judge(running, null);
        }

        foreach (var file in Unbegun())
        {
            if (_round.SetupFailure is { } failure)
            {
                Judge(file, FileVerdict.Failed(VerdictCodes.SetupFailed, failure));
            }
            else if (_round.Explained && !_round.Alone)
            {
                // Another file kept the round from running; that one is out of the next.
            }
            else
            {
                Judge(file, _round.Alone ? JudgeAlone(file) : null);
            }
        }
    }

    private FileVerdict? JudgeAlone(FileState file)
    {
        if (_round.Error is var (place, text))
        {
            return place is null || IsOutsideTheProject(place)
                ? new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, text)
                : FileVerdict.Failed(VerdictCodes.LoadError, text);
        }

        return _round.SaidNoTests || !_round.Planned.Contains(file.Name)
            ? FileVerdict.Failed(VerdictCodes.NoTests, "The file contains no test for this project.")
            : null;
    }

    private static bool IsOutsideTheProject(string place) => place.StartsWith("..", StringComparison.Ordinal) || place.Contains("node_modules/", StringComparison.Ordinal);

    private List<FileState> Unbegun() => [.. _round.Files.Where(file => !file.Begun && file.State is Progress.Waiting or Progress.Alone)];

    private enum Progress
    {
        Waiting = 0,
        Running = 1,
        Alone = 2,
        Judged = 3,
    }

    private sealed class FileState(string name)
    {
        public string Name { get; } = name;
        public Progress State { get; set; }
        public bool Begun { get; set; }
        public bool Installed { get; set; }
        public string? Failure { get; set; }
        public string? Doubt { get; set; }
        public FileVerdict? OutOfTime { get; set; }
        public TimeSpan? Duration { get; set; }
        public TestCounts? Tests { get; set; }

        public void Reset(Progress state) => (State, Begun, Failure, Doubt, OutOfTime, Duration, Tests) = (state, false, null, null, null, null, null);
    }

    private sealed class RoundState(List<FileState> files)
    {
        public List<FileState> Files { get; } = files;
        public bool Alone { get; init; }
        public HashSet<string> Planned { get; set; } = [];
        public List<FileState> Missing { get; } = [];
        public FileState? Current { get; set; }
        public FileState? Passed { get; set; }
        public bool InsideTest { get; set; }
        public bool SaidNoTests { get; set; }

        /// <summary>A file was found that kept the whole round from running.</summary>
        public bool Explained { get; set; }

        public string? SetupFailure { get; set; }
        public (string? File, string Text)? Error { get; set; }
        public (string Kind, string? Message)? Fault { get; set; }
    }
}
