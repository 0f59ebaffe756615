using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Results;

/// <summary>
/// Tells who watches a run which tests have ended in the file that runs, at most twice a second. Nobody waits for it, and what the store does
/// not take is lost: the counts of the next piece make up for it, and the job's report says it all again.
/// </summary>
internal sealed class LiveTests : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();
    private readonly Queue<TestCaseView> _untold = new();
    private readonly IAgentQueue _queue;
    private readonly Func<string, string> _mask;
    private readonly PacedWriter _writer;
    private JobHandle _job;
    private TestProgress? _file;

    /// <param name="queue">Where to.</param>
    /// <param name="mask">Hides secrets in titles.</param>
    /// <param name="time">The clock.</param>
    public LiveTests(IAgentQueue queue, Func<string, string> mask, TimeProvider time)
    {
        (_queue, _mask) = (queue, mask);
        _writer = new PacedWriter(WriteAsync, s_pause, time);
    }

    /// <summary>A file begins. What was not told of the one before is in its report.</summary>
    public void Begin(JobHandle job, int attempt, int planned)
    {
        lock (_gate)
        {
            _untold.Clear();
            _job = job;
            _file = new TestProgress { JobId = job.JobId, Attempt = attempt, Planned = planned, Ended = new TestCounts(0, 0, 0), Tests = [] };
        }
    }

    /// <summary>A test of the file has ended for good.</summary>
    public void End(TestCaseView test)
    {
        var title = _mask(test.Title);
        lock (_gate)
        {
            if (_file is null)
            {
                return;
            }

            _file = _file with { Ended = Count(_file.Ended, test.Status) };
            _untold.Enqueue(test with { Title = title.Length <= Limits.ProgressTitleLength ? title : title[..(Limits.ProgressTitleLength - 1)] + "…", Errors = null });
            if (_untold.Count > Limits.TestsPerProgress)
            {
                _untold.Dequeue();
            }
        }

        _writer.Notify();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static TestCounts Count(TestCounts ended, TestCaseStatus status) => status switch
    {
        TestCaseStatus.Passed or TestCaseStatus.Flaky => ended with { Passed = ended.Passed + 1 },
        TestCaseStatus.Skipped => ended with { Skipped = ended.Skipped + 1 },
        _ => ended with { Failed = ended.Failed + 1 },
    };

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        JobHandle job;
        TestProgress progress;
        lock (_gate)
        {
            if (_untold.Count == 0)
            {
                return;
            }

            (job, progress) = (_job, _file! with { Tests = [.. _untold] });
            _untold.Clear();
        }

        await _queue.ShowTestsAsync(job, progress, cancellationToken).WaitAsync(cancellationToken);
    }
}
