using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Verdicts;

/// <summary>What errors outside tests mean.</summary>
public sealed partial class BatchJudge
{
    private void HearError(SupervisorEvent heard)
    {
        var text = Describe(heard.Error);
        var named = _round.Files.Where(file => heard.FileNames.Contains(file.Name)).ToList();
        switch (heard.Kind)
        {
            case "no_tests":
                _round.SaidNoTests = true;
                break;
            case "global_timeout":
                break;
            case "setup_failed":
                _round.SetupFailure ??= $"The global set-up failed: {text}";
                break;
            case "load_error":
                KeepFromRunning(named, FileVerdict.Failed(VerdictCodes.LoadError, text));
                break;
            case "focused_tests":
                KeepFromRunning(named, FileVerdict.Failed(VerdictCodes.FocusedTests, $"The file contains test.only, which would leave out every other test. Remove it.\n{text}"));
                break;
            default:
                Suspect(named, text);
                break;
        }
    }

    // Playwright then runs nothing of the round. Named files are to blame; without names each has to show itself alone.
    private void KeepFromRunning(List<FileState> named, FileVerdict verdict)
    {
        named.ForEach(file => Judge(file, verdict));
        if (named.Count > 0)
        {
            _round.Explained = true;
        }
        else
        {
            _round.Obstacle ??= verdict;
        }
    }

    // An error that belongs to no test, e.g. when the worker process ends. It casts doubt on what is not judged yet: at least
    // on the last file that ran.
    private void Suspect(List<FileState> named, string text)
    {
        var suspects = named.Where(file => file.State == Progress.Running).ToList();
        if (suspects.Count == 0 && (_round.Passed ?? _round.Current) is { } last)
        {
            suspects.Add(last);
        }

        foreach (var file in suspects.Where(file => file.Doubt is null))
        {
            file.Doubt = text;
            file.RestsOn(_heard);
        }

        if (suspects.Count == 0)
        {
            _round.Obstacle ??= new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, text);
        }
    }
}
