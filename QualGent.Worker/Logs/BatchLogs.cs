using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Logs;

/// <summary>
/// Gives every line of a batch to the job whose file runs. What is printed before a file begins goes to the next one that
/// does, and to every job that ends without having begun, which it may explain. Called by one thread at a time.
/// </summary>
public sealed class BatchLogs : IAsyncDisposable
{
    private const int PreambleMax = 2_000;
    private readonly SecretMask _mask;
    private readonly Dictionary<string, JobLines> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly Queue<(string Line, bool IsQuiet)> _preamble = new();
    private readonly LogWriter _writer;
    private readonly string _folder;
    private int _preambleLeftOut;
    private string? _current;

    /// <param name="log">Where lines go.</param>
    /// <param name="mask">Hides secrets.</param>
    /// <param name="folder">The batch's folder, for the whole logs.</param>
    /// <param name="time">The clock.</param>
    public BatchLogs(IJobLog log, SecretMask mask, string folder, TimeProvider time)
    {
        (_mask, _folder) = (mask, folder);
        _writer = new LogWriter(log, Snapshot, time);
    }

    /// <summary>Hides secrets in a text that is stored elsewhere.</summary>
    public string Mask(string text) => _mask.Apply(text);

    /// <summary>The runner printed a line, behind so many that it left out itself; null when only those are to be told.</summary>
    /// <param name="text">The line as it came.</param>
    /// <param name="leftOut">Lines nobody has.</param>
    /// <param name="isQuiet">Printed too fast to be followed: it is in the whole log only.</param>
    public void Print(string? text, int leftOut, bool isQuiet = false)
    {
        var line = text is null ? null : _mask.Apply(PlainLine.Strip(text));
        if (_current is not null)
        {
            _jobs[_current].Add(line, leftOut, isQuiet);
            _writer.Notify();
            return;
        }

        _preambleLeftOut += leftOut;
        if (line is null)
        {
            return;
        }

        _preamble.Enqueue((line, isQuiet));
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
            _jobs.TryAdd(job.JobId, new JobLines(handle, job.Attempt, new LogFile(LogFile.PathOf(_folder, job.JobId))));
        }
    }

    private void Explain(JobLines job)
    {
        var leftOut = _preambleLeftOut;
        foreach (var (line, isQuiet) in _preamble)
        {
            job.Add(line, leftOut, isQuiet);
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
