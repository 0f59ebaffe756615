using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Logs;

/// <summary>
/// Gives every line of a batch to the job whose file runs. What is printed before a file begins goes to the next one that
/// does, and to every job that ends without having begun, which it may explain. Called by one thread at a time.
/// </summary>
public sealed class BatchLogs : IAsyncDisposable
{
    private const int PreambleMax = 200;
    private readonly SecretMask _mask;
    private readonly Dictionary<string, JobLines> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly Queue<string> _preamble = new();
    private readonly LogWriter _writer;
    private int _preambleLeftOut;
    private string? _current;

    /// <param name="log">Where lines go.</param>
    /// <param name="mask">Hides secrets.</param>
    /// <param name="time">The clock.</param>
    public BatchLogs(IJobLog log, SecretMask mask, TimeProvider time)
    {
        _mask = mask;
        _writer = new LogWriter(log, Snapshot, time);
    }

    /// <summary>Hides secrets in a text that is stored elsewhere.</summary>
    public string Mask(string text) => _mask.Apply(text);

    /// <summary>The runner printed a line, behind so many that it left out itself; null when only those are to be told.</summary>
    public void Print(string? text, int leftOut)
    {
        var line = text is null ? null : PlainLine.Cut(_mask.Apply(PlainLine.Strip(text)));
        if (_current is not null)
        {
            _jobs[_current].Add(line, leftOut);
            _writer.Notify();
            return;
        }

        _preambleLeftOut += leftOut;
        if (line is null)
        {
            return;
        }

        _preamble.Enqueue(line);
        if (_preamble.Count > PreambleMax)
        {
            _preamble.Dequeue();
            _preambleLeftOut++;
        }
    }

    /// <summary>The job's file begins.</summary>
    public void Begin(ClaimedJob job, JobHandle handle)
    {
        LeaveCurrent();
        Open(job, handle);
        _current = job.JobId;
        Explain(_jobs[job.JobId]);
        _preamble.Clear();
        _preambleLeftOut = 0;
    }

    /// <summary>The job has its verdict; its last lines may still come.</summary>
    public void Answer(ClaimedJob job, JobHandle handle)
    {
        _answered.Add(job.JobId);
        if (!_jobs.ContainsKey(job.JobId))
        {
            Open(job, handle);
            Explain(_jobs[job.JobId]);
        }

        if (_current != job.JobId)
        {
            Close(job.JobId);
        }
    }

    /// <summary>No file runs any more.</summary>
    public void EndRound()
    {
        LeaveCurrent();
        _current = null;
    }

    /// <summary>Nothing follows; returns within about a second, whatever the store does.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var job in Snapshot())
        {
            job.Close();
        }

        return _writer.DisposeAsync();
    }

    private void LeaveCurrent()
    {
        if (_current is { } left && _answered.Contains(left))
        {
            Close(left);
        }
    }

    private void Open(ClaimedJob job, JobHandle handle)
    {
        lock (_jobs)
        {
            _jobs.TryAdd(job.JobId, new JobLines(handle, job.Attempt));
        }
    }

    private void Explain(JobLines job)
    {
        var leftOut = _preambleLeftOut;
        foreach (var line in _preamble)
        {
            job.Add(line, leftOut);
            leftOut = 0;
        }

        _writer.Notify();
    }

    private void Close(string jobId)
    {
        _jobs[jobId].Close();
        _writer.Notify();
    }

    private List<JobLines> Snapshot()
    {
        lock (_jobs)
        {
            return [.. _jobs.Values];
        }
    }
}
