using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Tests.Logs;

/// <summary>The whole log has what followers cannot be shown, under the same numbers.</summary>
public sealed class LogFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Log => LogFile.PathOf(_folder.Path, "job_1_0");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_TooFastOrTooLongToBeFollowed_AreWhole()
    {
        var lines = new JobLines(new JobHandle("job_1_0", 7, "dev_1", 1), 1, new LogFile(Log));
        lines.Add("one", 0);
        lines.Add("two", 0, isQuiet: true);
        lines.Add(new string('x', 3_000), 0);
        lines.Add("five", leftOut: 1);
        lines.Add(null, leftOut: 2);
        lines.Close();

        Assert.Equal(["one", "two", new string('x', 3_000), LogChunk.Gap(1), "five", LogChunk.Gap(2)], File.ReadAllLines(Log));
        var live = new List<LogPiece>();
        while (lines.Take() is { } piece)
        {
            live.Add(piece);
        }

        Assert.Equal([(1, "one"), (3, new string('x', 1_999) + "…"), (5, "five")], live.Where(piece => piece.Lines.Count > 0).Select(piece => (piece.LastLine, piece.Lines[^1])));
    }

    [Fact]
    public void Line_ThatLooksLikeAGap_IsNone()
    {
        using (var file = new LogFile(Log))
        {
            file.Add(LogChunk.Gap(5), 0);
        }

        Assert.False(LogChunk.TryParseGap(Assert.Single(File.ReadAllLines(Log)), out _));
    }

    [Fact]
    public void Nothing_Printed_IsNoFile()
    {
        new LogFile(Log).Dispose();
        Assert.False(File.Exists(Log));
    }
}
