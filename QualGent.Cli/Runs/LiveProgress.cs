using QualGent.Cli.Output;
using QualGent.Contracts;
using Spectre.Console;

namespace QualGent.Cli.Runs;

/// <summary>On a terminal: a table of the jobs that is drawn over four times a second, never higher than the screen.</summary>
internal sealed class LiveProgress : IProgressView
{
    private const int OtherLines = 6;
    private const int FewestRows = 3;
    private const int NarrowestTest = 12;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(250);

    private readonly Screen _screen;
    private readonly RunBoard _board;
    private readonly DeviceNames _devices;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _drawing;
    private readonly Lock _lock = new();
    private IReadOnlyList<JobView> _jobs = [];
    private string _note = "";

    public LiveProgress(Screen screen, RunBoard board, DeviceNames devices, TimeProvider time)
    {
        (_screen, _board, _devices, _time, _started) = (screen, board, devices, time, time.GetTimestamp());
        _drawing = Task.Run(DrawAsync);
    }

    public void Changed(JobView job)
    {
        lock (_lock)
        {
            _jobs = _board.Jobs;
        }
    }

    public void Note(string text)
    {
        lock (_lock)
        {
            _note = SafeText.Line(text);
        }
    }

    /// <summary>Takes the table away; the summary says it all again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _drawing;
        _stop.Dispose();
    }

    private Task DrawAsync()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = _screen.Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(_screen.Writer),
        });
        return console.Live(new Text("")).AutoClear(true).StartAsync(async context =>
        {
            using var timer = new PeriodicTimer(s_period, _time);
            try
            {
                do
                {
                    lock (_lock)
                    {
                        context.UpdateTarget(Draw());
                    }
                }
                while (await timer.WaitForNextTickAsync(_stop.Token));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                context.UpdateTarget(new Text(""));
            }
        });
    }

    private Rows Draw()
    {
        var width = (_screen.Width ?? 80) - 1;
        var room = Math.Max(FewestRows, Console.WindowHeight - OtherLines);
        var shown = _jobs.Select((job, i) => (job, i)).OrderBy(entry => Rank(entry.job)).ThenBy(entry => entry.i).Take(room).Select(entry => entry.job).ToList();
        var cells = shown.Select(job => (Job: job, Device: SafeText.Line(_devices.Of(job.DeviceId)), Attempt: JobWords.Attempt(job), Tests: JobWords.Tests(_board.ProgressOf(job)), Time: _board.DurationOf(job) is { } time ? TextForm.Duration(time) : "")).ToList();

        // state (10) · test (what is left) · device · attempt · tests of the file · time
        var attempt = cells.Select(cell => cell.Attempt.Length).DefaultIfEmpty().Max();
        var tests = cells.Select(cell => cell.Tests.Length).DefaultIfEmpty().Max() is > 0 and var longest ? longest + 2 : 0;
        var left = width - 11 - 2 - (attempt + 2) - tests - 8;
        var device = Math.Clamp(left - NarrowestTest, 0, Math.Min(20, cells.Select(cell => cell.Device.Length).DefaultIfEmpty().Max()));
        var test = Math.Max(NarrowestTest, left - device);
        var lines = cells.Select(cell => new Paragraph()
            .Append(JobWords.State(cell.Job).PadRight(11), StyleOf(JobWords.ToneOf(cell.Job)))
            .Append(TextForm.CutLeft(_board.NameOf(cell.Job), test).PadRight(test + 2))
            .Append(TextForm.CutRight(cell.Device, device).PadRight(device + 2), StyleOf(Tone.Faint))
            .Append(cell.Attempt.PadRight(attempt + 2), StyleOf(Tone.Warning))
            .Append(cell.Tests.PadRight(tests), StyleOf(Tone.Faint))
            .Append(cell.Time.PadLeft(6))).ToList();
        if (_jobs.Count > shown.Count)
        {
            lines.Add(new Paragraph($"… and {_jobs.Count - shown.Count} more", StyleOf(Tone.Faint)));
        }

        lines.Add(new Paragraph(""));
        lines.Add(new Paragraph(TextForm.CutRight(Totals(), width)));
        if (_note.Length > 0)
        {
            lines.AddRange(TextForm.Wrap(_note, width).Select(line => new Paragraph(line, StyleOf(Tone.Warning))));
        }

        return new Rows(lines);
    }

    private string Totals()
    {
        int Of(JobStatus status) => _jobs.Count(job => job.Status == status);
        (int Number, string Word)[] parts =
        [
            (Of(JobStatus.Passed), "passed"), (Of(JobStatus.Failed), "failed"), (Of(JobStatus.Errored), "errored"),
            (Of(JobStatus.Cancelled), "cancelled"), (Of(JobStatus.Running), "running"), (Of(JobStatus.Queued), "queued"),
        ];
        var text = string.Join(", ", parts.Where(part => part.Number > 0).Select(part => $"{part.Number} {part.Word}"));
        return $"{(text.Length == 0 ? "connecting" : text)}  {TextForm.Duration(_time.GetElapsedTime(_started))}";
    }

    // Running jobs are never pushed off the screen, then what went wrong, what waits, what passed.
    private static int Rank(JobView job) => job.Status switch
    {
        JobStatus.Running => 0,
        JobStatus.Failed or JobStatus.Errored => 1,
        JobStatus.Queued => job.Attempts > 0 ? 2 : 3,
        JobStatus.Cancelled => 4,
        _ => 5,
    };

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Maroon),
        Tone.Warning => new Style(Color.Olive),
        Tone.Active => new Style(Color.Teal),
        Tone.Faint => new Style(decoration: Decoration.Dim),
        _ => Style.Plain,
    };
}
