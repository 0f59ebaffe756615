using System.Text.RegularExpressions;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Verdicts;

/// <summary>What the end of a round means.</summary>
public sealed partial class BatchJudge
{
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
            _round.Explained = true; // It alone kept the others from running.
            reason = null;
        }

        switch (_round.Fault?.Kind ?? reason)
        {
            case "install_failed":
                RefuseInstall(_round.Fault?.Message ?? message ?? "The app could not be installed.");
                break;
            case "spawn_failed":
                RefuseRound(running, message);
                break;
            case "device_lost" or "appium_died":
                LoseDevice(running, _round.Fault?.Kind ?? reason!, _round.Fault?.Message ?? message);
                break;
            case "cancel" or "lease" or "stdin" or "signal" or "close" or "yield":
                Over = true; // What began and has not ended is the batch's to report, for it knows who stopped it.
                break;
            case TimerCancelled when running is not null:
                SetBack(running, Progress.Waiting); // The timer meant the file before it.
                break;
            case TimerCancelled:
                break;
            case "idle":
                EndSilence(running, FileVerdict.Failed(VerdictCodes.Hang, "Nothing happened for too long, so the watchdog ended the test."));
                break;
            case "runner_died" or "not_started":
                EndSilence(running, running is null ? null : FileVerdict.Failed(VerdictCodes.Crash, $"AppWright's process ended while the file ran. Its last words:\n{Plain(message)}"), message);
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

    // Charged where nothing began, or a host that can start nothing would be tried for ever.
    private void RefuseRound(FileState? running, string? message)
    {
        var text = $"AppWright could not be started: {Plain(message)}";
        if (running is not null)
        {
            Judge(running, Lost(text));
        }

        foreach (var file in running is null ? Unbegun() : [])
        {
            Judge(file, new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, text));
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
            file.Doubt ??= $"AppWright ended before any test began. Its last words:\n{Plain(lastWords)}";
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

    private FileVerdict? JudgeAlone(FileState file) => _round switch
    {
        { Obstacle: { } obstacle } => obstacle,
        _ when _round.SaidNoTests || !_round.Planned.Contains(file.Name) => FileVerdict.Failed(VerdictCodes.NoTests, "The file contains no test for this project."),
        _ => null,
    };

    // "\u001b[36m[INFO]\u001b[39m Appium server is up" → "[INFO] Appium server is up"
    private static string Plain(string? text) => Colour().Replace(text ?? "", "").Trim();

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();

    private List<FileState> Unbegun() => [.. _round.Files.Where(file => !file.Begun && file.State is Progress.Waiting or Progress.Alone)];
}
