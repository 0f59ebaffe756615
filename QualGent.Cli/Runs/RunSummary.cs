using QualGent.Cli.Output;
using QualGent.Contracts;

namespace QualGent.Cli.Runs;

/// <summary>The outcome of a run for people: every test, whole messages of what went wrong, the evidence, the verdict, what next.</summary>
internal static class RunSummary
{
    private const int StateWidth = 11;
    private const int PassedShown = 50;
    private const int MessagesShown = 20;

    /// <summary>Writes it; <paramref name="only"/> names the one job that was looked at, null means the whole run.</summary>
    public static void Write(Screen screen, RunBoard board, DeviceNames devices, string? only)
    {
        var passed = board.Jobs.Where(job => job.Status == JobStatus.Passed).ToList();
        foreach (var job in passed.Take(PassedShown))
        {
            WriteRow(screen, board, job, devices);
        }

        if (passed.Count > PassedShown)
        {
            screen.Line($"… and {passed.Count - PassedShown} more passed");
        }

        var shown = 0;
        foreach (var job in board.Jobs.Where(job => job.Status != JobStatus.Passed).OrderBy(job => job.Status == JobStatus.Cancelled))
        {
            WriteRow(screen, board, job, devices);
            if (job.Message is not null && shown++ < MessagesShown)
            {
                WriteMessage(screen, job.Message);
            }
        }

        if (shown > MessagesShown)
        {
            screen.Line($"… messages of {shown - MessagesShown} more tests: qgjob status JOB-ID");
        }

        screen.Line();
        WriteEvidence(screen, board.Jobs);
        if (only is null && board.Run is { } run)
        {
            WriteVerdict(screen, run, board.Jobs);
        }
    }

    // state · test · device, attempts, time; the latter on a line of their own where they would leave no room for the test
    private static void WriteRow(Screen screen, RunBoard board, JobView job, DeviceNames devices)
    {
        var state = screen.Paint(JobWords.State(job).PadRight(StateWidth), JobWords.ToneOf(job));
        var test = board.NameOf(job);
        var details = JobWords.Details(job, devices);
        if (screen.Width is { } width && StateWidth + test.Length + details.Length >= width)
        {
            screen.Line(state + TextForm.CutLeft(test, width - StateWidth - 1));
            screen.Line(new string(' ', StateWidth) + screen.Paint(TextForm.CutRight(details.Trim(), width - StateWidth - 1), Tone.Faint));
            return;
        }

        screen.Line(state + test + screen.Paint(details, Tone.Faint));
    }

    public static void WriteMessage(Screen screen, string message)
    {
        foreach (var line in SafeText.Lines(message).SelectMany(line => TextForm.Wrap("    " + line, screen.Width - 1)))
        {
            screen.Line(line.TrimEnd());
        }
    }

    // What grouping by app version was worth: one install and one AppWright process serve many tests.
    private static void WriteEvidence(Screen screen, IReadOnlyList<JobView> jobs)
    {
        var batches = jobs.Where(job => job.BatchId is not null).GroupBy(job => job.BatchId).ToList();
        if (batches.Count == 0)
        {
            return;
        }

        var providers = jobs.Select(job => job.Provider).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(SafeText.Line);
        var installs = batches.Count(batch => batch.Any(job => job.Installed == true));
        var warm = batches.Count(batch => batch.All(job => job.Installed == false));
        var devices = jobs.Select(job => job.DeviceId).OfType<string>().Distinct().Count();
        var text = $"{TextForm.Count(devices, "device")} ({string.Join(", ", providers)}), {TextForm.Count(batches.Count, "AppWright process").Replace("processs", "processes", StringComparison.Ordinal)}, "
            + $"{TextForm.Count(installs, "install")}" + (warm == 0 ? "" : $", {warm} warm");

        // A job carries the evidence of its last attempt only.
        var scope = jobs.Any(job => job.Attempts > 1) ? "Last attempts: " : "";
        screen.Wrapped(scope + text);
    }

    private static void WriteVerdict(Screen screen, RunView run, IReadOnlyList<JobView> jobs)
    {
        foreach (var cell in run.Cells ?? [])
        {
            screen.Line($"{screen.Paint(StateOf(cell.Verdict).PadRight(StateWidth), ToneOf(cell.Verdict))}{SafeText.Line(CellText.Of(cell, run))}: {Parts(cell.Counts)}");
        }

        var took = run.EndedAt is { } end ? $" in {TextForm.Duration(end - run.CreatedAt)}" : "";
        var name = run.Name is null ? "" : $" \"{SafeText.Line(run.Name)}\"";
        screen.Line($"{TextForm.Count(run.Planned, "test")}: {Parts(run.Counts)}{took}");
        screen.Line($"Run {run.Id}{name} {screen.Paint(StateOf(run.Verdict), ToneOf(run.Verdict))}");
        if (run.Quarantined is { } quarantined)
        {
            WriteQuarantine(screen, quarantined, jobs);
        }

        if (run.ParentRunId is { } parent)
        {
            screen.Wrapped($"Attempt {run.CiAttempt} of {parent}" + (run.Inherited > 0 ? $": {TextForm.Count(run.Inherited.Value, "test")} passed before and did not run again" : ""));
        }

        foreach (var hint in HintsOf(run, jobs))
        {
            screen.Line(screen.Paint(hint, Tone.Faint));
        }
    }

    private static void WriteQuarantine(Screen screen, IReadOnlyList<string> tests, IReadOnlyList<JobView> jobs)
    {
        // In a matrix a test has a state for each cell.
        var states = jobs.Where(job => job.Quarantined).ToLookup(job => job.TestPath, JobWords.State, StringComparer.Ordinal);
        var named = tests.Select(test => SafeText.Line(test) + (states.Contains(test) ? $" ({string.Join(", ", states[test])})" : ""));
        screen.Wrapped($"Not counted, in quarantine: {string.Join(", ", named)}");

        if (jobs.Count > 0 && jobs.All(job => job.Quarantined))
        {
            screen.Line("Every test of the run is in quarantine, so nothing was proved.");
        }
    }

    private static string Parts(RunCounts counts)
    {
        (int Number, string Word)[] parts =
        [
            (counts.Passed, "passed" + (counts.Flaky > 0 ? $" ({counts.Flaky} flaky)" : "")), (counts.Failed, "failed"), (counts.Errored, "errored"),
            (counts.Cancelled, "cancelled"), (counts.Running, "running"), (counts.Queued, "queued"),
        ];
        return string.Join(", ", parts.Where(part => part.Number > 0).Select(part => $"{part.Number} {part.Word}"));
    }

    private static string[] HintsOf(RunView run, IReadOnlyList<JobView> jobs) => run switch
    {
        { State: RunState.Open } => [$"Follow it with: qgjob watch {run.Id}"],
        { Verdict: RunVerdict.Failed or RunVerdict.Errored } when jobs.FirstOrDefault(job => job is { Status: JobStatus.Failed or JobStatus.Errored, Quarantined: false }) is { } first =>
            [$"Look at one with: qgjob status {first.Id}", $"Run again what did not pass: qgjob retry {run.Id}"],
        _ => [],
    };

    /// <summary>The verdict, or <c>open</c>.</summary>
    public static string StateOf(RunVerdict? verdict) => verdict is { } reached ? JobWords.Lower(reached.ToString()) : "open";

    public static Tone ToneOf(RunVerdict? verdict) => verdict switch
    {
        RunVerdict.Passed => Tone.Good,
        null => Tone.Active,
        RunVerdict.Cancelled => Tone.Warning,
        _ => Tone.Bad,
    };
}
