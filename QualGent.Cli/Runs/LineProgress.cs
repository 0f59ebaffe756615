using QualGent.Cli.Output;
using QualGent.Contracts;

namespace QualGent.Cli.Runs;

/// <summary>Without a terminal: one plain line per change, e.g. <c>running  tests/login.spec.ts  on emulator-5554, attempt 2</c>.</summary>
internal sealed class LineProgress(Screen screen, RunBoard board, DeviceNames devices) : IProgressView
{
    private readonly Lock _lock = new();

    public void Changed(JobView job)
    {
        // A job in the queue for the first time was just announced; phases before the test are for the live view.
        if ((job is { Status: JobStatus.Queued, Attempts: 0, InfrastructureLosses: 0 }) || job is { Status: JobStatus.Running, Phase: not JobPhase.Testing })
        {
            return;
        }

        lock (_lock)
        {
            screen.Line($"{JobWords.State(job),-9} {board.NameOf(job)}{JobWords.Details(job, devices)}");
        }
    }

    public void Note(string text)
    {
        lock (_lock)
        {
            screen.Line(SafeText.Line(text));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
