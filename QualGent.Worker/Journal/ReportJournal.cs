using System.Globalization;
using System.Text.Json;
using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Journal;

/// <summary>
/// Reports on disk before anybody hears of them: an agent that dies after <see cref="AppendAsync"/> still delivers, in its
/// next life. One JSON line per report, one per answer; concurrent appends share one flush to disk.
/// </summary>
public sealed partial class ReportJournal : IDisposable
{
    private const long CompactAtBytes = 4 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly Dictionary<string, JobReport> _pending = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly ILogger _logger;
    private FileStream _file;
    private long _written;
    private long _flushed;
    private bool _torn;

    /// <summary>Opens a journal and reads what was not answered; a last line that a crash cut off was never promised to anybody and is dropped.</summary>
    public ReportJournal(string path, ILogger<ReportJournal> logger)
    {
        (_path, _logger) = (path, logger);
        _file = Open(path, FileMode.OpenOrCreate);
        if (Read() is { Count: > 0 } damaged)
        {
            PutAside(damaged);
        }

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
        var torn = _torn;
        _torn = true; // Until it is written whole: half a line must not spoil the next one.
        _file.Write(torn ? [(byte)'\n', .. bytes, (byte)'\n'] : [.. bytes, (byte)'\n']);
        _torn = false;
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

    // Unbuffered, so that a full disk shows in the write that meets it.
    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    // Power loss can leave lines of NUL bytes. One line that cannot be read must not cost the others.
    private List<byte[]> Read()
    {
        var damaged = new List<byte[]>();
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var end = 0;
        while (bytes.AsSpan(end).IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (length > 0 && !TryApply(bytes.AsSpan(end, length)))
            {
                damaged.Add(bytes[end..(end + length)]);
            }

            end += length + 1;
        }

        _file.SetLength(end);
        _file.Position = end;
        return damaged;
    }

    private bool TryApply(ReadOnlySpan<byte> text)
    {
        JournalLine? line;
        try
        {
            line = JsonSerializer.Deserialize(text, JournalJson.Default.JournalLine);
        }
        catch (JsonException)
        {
            return false;
        }

        if (line is null)
        {
            return false;
        }

        if (line.Report is { } report)
        {
            _pending[Key(report)] = report;
        }
        else if (line.Done is { } done)
        {
            _pending.Remove(done);
        }

        return true;
    }

    private void PutAside(List<byte[]> damaged)
    {
        var copy = _path + ".damaged";
        LogDamaged(damaged.Count, _path, copy);
        using (var aside = new FileStream(copy, FileMode.Append))
        {
            damaged.ForEach(line => aside.Write([.. line, (byte)'\n']));
            aside.Flush(flushToDisk: true);
        }

        // What is pending goes to a new file before the old one, damage included, is replaced.
        var fresh = Open(_path + ".new", FileMode.Create);
        _file.Dispose();
        _file = fresh;
        foreach (var report in _pending.Values)
        {
            Write(new JournalLine(report, null));
        }

        Flush();
        File.Move(_path + ".new", _path, overwrite: true);
    }

    // Nothing is pending, so nothing is lost whenever the process dies in here.
    private void Compact()
    {
        _file.Dispose();
        _file = Open(_path, FileMode.Create);
        _torn = false;
    }

    [LoggerMessage(3107, LogLevel.Error, "{Lines} line(s) of the journal {Path} cannot be read and were put aside in {Copy}; if they were reports, their jobs run again.")]
    private partial void LogDamaged(int lines, string path, string copy);
}
