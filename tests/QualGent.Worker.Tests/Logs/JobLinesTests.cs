using System.Globalization;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Tests.Logs;

/// <summary>What is written of one execution's lines: numbered, in pieces, bounded.</summary>
public sealed class JobLinesTests
{
    private const int StoredMax = 160 * 1024;
    private readonly JobLines _lines = new(new JobHandle("job_1_0", 7, "dev_1", 1), attempt: 2);

    [Fact]
    public void Take_OfAFewLines_IsOnePieceThenNothing()
    {
        Add("one", "two");
        var piece = _lines.Take()!;
        Assert.Equal((2, 2, false), (piece.Attempt, piece.LastLine, piece.IsLast));
        Assert.Equal(["one", "two"], piece.Lines);
        Assert.Null(_lines.Take());
    }

    [Fact]
    public void Take_AcrossLinesLeftOut_EndsBeforeThem()
    {
        Add("one");
        _lines.Add("five", leftOut: 3);
        _lines.Add(null, leftOut: 2);
        _lines.Close();
        Assert.Equal([1, 5, 8], TakeAll().Select(piece => piece.LastLine)); // the end has a number of its own
    }

    [Fact]
    public void Take_AfterTheEnd_SaysItOnce()
    {
        Add("one");
        _lines.Close();
        Assert.Equal([true], TakeAll().Select(piece => piece.IsLast));
    }

    [Fact]
    public void Close_WithoutALine_WritesNothing()
    {
        _lines.Close();
        Assert.Empty(TakeAll());
    }

    [Fact]
    public void Take_OfMoreThanIsKept_KeepsTheBeginningAndTheEnd()
    {
        var stored = new SortedDictionary<int, LogPiece>();
        for (var i = 1; i <= 20_000; i++)
        {
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{i} {new string('x', 80)}"), 0);
            for (; i % 500 == 0 && _lines.Take() is { } piece; _lines.Arrived(piece))
            {
                stored[piece.LastLine] = piece;
                foreach (var removed in piece.Removed)
                {
                    Assert.True(stored.Remove(removed));
                }
            }
        }

        var lines = stored.Values.SelectMany(piece => piece.Lines).ToList();
        Assert.StartsWith("1 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("20000 ", lines[^1], StringComparison.Ordinal);
        Assert.InRange(lines.Sum(line => line.Length), StoredMax / 2, StoredMax);
    }

    [Fact]
    public void Add_WhileNobodyTakes_IsBoundedAndTheGapShows()
    {
        for (var i = 1; i <= 5_000; i++)
        {
            Add("x");
        }

        var pieces = TakeAll();
        Assert.Equal(2_000, pieces.Sum(piece => piece.Lines.Count));
        Assert.Equal(5_000, pieces[^1].LastLine);
    }

    private void Add(params string[] lines)
    {
        foreach (var line in lines)
        {
            _lines.Add(line, 0);
        }
    }

    private List<LogPiece> TakeAll()
    {
        var pieces = new List<LogPiece>();
        while (_lines.Take() is { } piece)
        {
            pieces.Add(piece);
        }

        return pieces;
    }
}
