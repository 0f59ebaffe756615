using System.IO.Pipelines;
using System.Text;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Contracts;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Tests.Client;

public sealed class RunEventParserTests
{
    private static readonly string s_stream =
        ": keep-alive\n\n"
        + Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(null, Wire.Job(0, JobStatus.Queued)), Wire.Job(0, JobStatus.Queued))
        + "event: news\ndata: of a later version\n\n"
        + "event: job\r\nid: 2-0\r\ndata: {\"kind\":\"job\",\r\ndata: \"cursor\":\"2-0\"}\r\n\r\n"
        + "retry: 100\n: more\n"
        + Wire.Event(RunEventKind.RunEnded, "3-0", Wire.Run(RunVerdict.Passed, Wire.Job(0, JobStatus.Passed)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Parse_AnyChunking_GivesTheSameEvents(int chunk)
    {
        var pipe = new Pipe();
        var writing = WriteAsync(pipe.Writer, Encoding.UTF8.GetBytes(s_stream), chunk);
        var events = await ReadAsync(pipe.Reader.AsStream());
        await writing;
        Assert.Equal([RunEventKind.Snapshot, RunEventKind.Job, RunEventKind.RunEnded], events.Select(item => item.Kind));
        Assert.Equal(["1-0", "2-0", "3-0"], events.Select(item => item.Cursor));
        Assert.Equal("tests/login.spec.ts", events[0].Jobs![0].TestPath);
    }

    [Fact]
    public async Task Parse_TornEventAtTheEnd_IsNotAnEvent()
    {
        var torn = s_stream[..^20];
        Assert.Equal(2, (await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(torn)))).Count);
    }

    [Fact]
    public async Task Parse_Nonsense_IsAMismatch() =>
        await Assert.ThrowsAsync<ApiMismatchException>(() => ReadAsync(new MemoryStream("event: job\ndata: {broken\n\n"u8.ToArray())));

    private static async Task<List<RunEvent>> ReadAsync(Stream stream)
    {
        var events = new List<RunEvent>();
        await foreach (var item in RunEventParser.ParseAsync(stream, TestContext.Current.CancellationToken))
        {
            events.Add(item);
        }

        return events;
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] bytes, int chunk)
    {
        foreach (var part in bytes.Chunk(chunk))
        {
            await writer.WriteAsync(part, TestContext.Current.CancellationToken);
        }

        await writer.CompleteAsync();
    }
}
