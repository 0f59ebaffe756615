using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Logs;

/// <summary>
/// Lines of one execution of a job on their way to the store. Everything is bounded: what waits here, a piece, and what the
/// store keeps, which is the first and the last pieces. Lines have numbers, so that a reader sees where some are missing.
/// </summary>
internal sealed class JobLines(JobHandle handle, int attempt, LogFile? whole = null)
{
    private const int WaitingMax = 2_000;
    private const int PieceChars = 16 * 1024;
    private const int HeadChars = 32 * 1024;
    private const int TailChars = 96 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<(int Number, string Line)> _waiting = new();
    private readonly Queue<(int LastLine, int Chars)> _tail = new();
    private readonly List<int> _removed = [];
    private int _number;
    private int _head;
    private int _tailChars;
    private bool _closed;
    private bool _closedSaid;

    /// <summary>Proof that the writer holds the job.</summary>
    public JobHandle Handle => handle;

    /// <summary>Adds a line, if there is one, behind so many that were left out.</summary>
    /// <param name="line">The line, whole.</param>
    /// <param name="leftOut">Lines nobody has.</param>
    /// <param name="isQuiet">Printed too fast to be followed: it is in the whole log only.</param>
    public void Add(string? line, int leftOut, bool isQuiet = false)
    {
        lock (_gate)
        {
            whole?.Add(line, leftOut);
            _number += leftOut;
            if (line is null)
            {
                return;
            }

            _number++;
            if (isQuiet)
            {
                return;
            }

            _waiting.Enqueue((_number, PlainLine.Cut(line)));
            if (_waiting.Count > WaitingMax)
            {
                _waiting.Dequeue(); // the store is away or slow; the next number tells the reader
            }
        }
    }

    /// <summary>Nothing follows.</summary>
    public void Close()
    {
        lock (_gate)
        {
            whole?.Dispose();
            _closed = _number > 0;
        }
    }

    /// <summary>The next lines to write, or null. They have left for good: when they do not arrive, they are missing.</summary>
    public LogPiece? Take()
    {
        lock (_gate)
        {
            var (lines, last, chars) = (new List<string>(), _waiting.TryPeek(out var first) ? first.Number - 1 : _number, 0);
            while (_waiting.TryPeek(out var next) && next.Number == last + 1 && (lines.Count == 0 || chars + next.Line.Length < PieceChars))
            {
                lines.Add(next.Line);
                (last, chars) = (next.Number, chars + next.Line.Length + 1);
                _waiting.Dequeue();
            }

            var ends = _closed && !_closedSaid && _waiting.Count == 0 && (lines.Count == 0 || last == _number);
            if (lines.Count == 0 && !ends)
            {
                return null;
            }

            _closedSaid |= ends;
            Keep(last, chars);
            return new LogPiece(attempt, lines.Count == 0 ? ++_number : last, lines, ends, [.. _removed]);
        }
    }

    /// <summary>The piece has arrived, and what it replaces is gone.</summary>
    public void Arrived(LogPiece piece)
    {
        lock (_gate)
        {
            _removed.RemoveAll(piece.Removed.Contains);
        }
    }

    private void Keep(int last, int chars)
    {
        if (_head + chars <= HeadChars && _tail.Count == 0)
        {
            _head += chars;
            return;
        }

        _tail.Enqueue((last, chars));
        for (_tailChars += chars; _tailChars > TailChars && _tail.Count > 1;)
        {
            var (line, freed) = _tail.Dequeue();
            _tailChars -= freed;
            _removed.Add(line);
        }
    }
}
