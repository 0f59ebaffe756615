using System.Globalization;
using System.Text.Json;
using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Journal;

/// <summary>
/// Reports on disk before anybody hears of them: an agent that dies after <see cref="AppendAsync"/> still delivers, in its
/// next life. One JSON line per report, one per answer; concurrent appends share one flush to disk.
/// </summary>
public sealed class ReportJournal : IDisposable
{
    private const long CompactAtBytes = 4 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly Dictionary<string, JobReport> _pending = new(StringComparer.Ordinal);
    private readonly string _path;
    private FileStream _file;
    private long _written;
    private long _flushed;

    /// <summary>Opens a journal and reads what was not answered; a last line that a crash cut off was never promised to anybody and is dropped.</summary>
    public ReportJournal(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Read();
        if (_pending.Count == 0 && _file.Length > 0)
        {
            Compact();
        }
    }

    /// <summary>Reports without an answer.</summary>
    public IReadOnlyList<JobReport> Pending
    {
        get
        {
            lock (_gate)
            {
                return [.. _pending.Values];
            }
        }
    }

    /// <summary>Returns when the report is on disk.</summary>
    public async Task AppendAsync(JobReport report)
    {
        long position;
        lock (_gate)
        {
            _pending[Key(report)] = report;
            position = Write(new JournalLine(report, null));
        }

        await _flushing.WaitAsync();
        try
        {
            if (_flushed < position)
            {
                await Task.Run(Flush);
            }
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <summary>Notes that the report was answered. Not flushed: repeating a report changes nothing.</summary>
    public void MarkDone(JobReport report)
    {
        lock (_gate)
        {
            if (_pending.Remove(Key(report)))
            {
                Write(new JournalLine(null, Key(report)));
                if (_pending.Count == 0 && _file.Length > CompactAtBytes)
                {
                    Compact();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _flushing.Dispose();
    }

    private static string Key(JobReport report) => string.Create(CultureInfo.InvariantCulture, $"{report.Job.JobId}#{report.Job.Token}");

    private long Write(JournalLine line)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, JournalJson.Default.JournalLine);
        _file.Write([.. bytes, (byte)'\n']);
        return ++_written;
    }

    private void Flush()
    {
        lock (_gate)
        {
            _file.Flush(flushToDisk: true);
            _flushed = _written;
        }
    }

    private void Read()
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var end = 0;
        while (bytes.AsSpan(end).IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (length > 0)
            {
                Apply(JsonSerializer.Deserialize(bytes.AsSpan(end, length), JournalJson.Default.JournalLine)!);
            }

            end += length + 1;
        }

        _file.SetLength(end);
        _file.Position = end;
    }

    private void Apply(JournalLine line)
    {
        if (line.Report is { } report)
        {
            _pending[Key(report)] = report;
        }
        else if (line.Done is { } done)
        {
            _pending.Remove(done);
        }
    }

    // Nothing is pending, so nothing is lost whenever the process dies in here.
    private void Compact()
    {
        _file.Dispose();
        _file = new FileStream(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
    }
}
