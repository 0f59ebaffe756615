using System.Text.Json;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Tests.Jobs;

/// <summary><c>qgjob logs</c> against a server that cuts, restarts and sends what it should not.</summary>
public sealed class LogsTests
{
    private const string Job = "job_01k9zq3v5n7xw2c8rt4m_0";
    private const string End = "event: end\ndata: {}\n\n";

    [Fact]
    public async Task Logs_CutInTheMiddle_GoOnBehindTheLastLine()
    {
        await using var api = await StubApi.StartAsync(async (context, request) =>
        {
            if (request.LastEventId is null)
            {
                await context.EventsAsync(Lines("7-1", "one"), Lines("7-2", "two"), "id: 7-3\nevent: li"); // torn, and no end
            }
            else
            {
                await context.EventsAsync(Lines("7-3", "three"), End);
            }
        });

        var outcome = await Qgjob.RunAsync(["logs", Job, "-f", $"--api-url={api.Address}"]);

        Assert.Equal((0, "one\ntwo\nthree\n"), (outcome.ExitCode, outcome.Out.ReplaceLineEndings("\n")));
        Assert.Equal([null, "7-2"], api.Requests.Select(request => request.LastEventId));
        Assert.All(api.Requests, request => Assert.Equal($"/v1/jobs/{Job}/log", request.Path));
    }

    [Fact]
    public async Task Logs_WithControlCharactersAndGaps_AreHarmlessAndSaySo()
    {
        await using var api = await StubApi.StartAsync((context, _) => context.EventsAsync(
            Lines("7-9", new LogChunk { Cursor = "7-9", Attempt = 1, Missing = 8, Lines = ["\e]0;owned\a\e[31mred\e[0m\ttab\bback"] }), End));

        var outcome = await Qgjob.RunAsync(["logs", "--job-id", Job, $"--api-url={api.Address}"]);

        Assert.Equal("[… 8 lines left out …]\nred\ttab\uFFFDback\n", outcome.Out.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Logs_AsJson_AreOneDocumentPerLine()
    {
        await using var api = await StubApi.StartAsync((context, _) => context.EventsAsync(Lines("7-1", "one"), Lines("7-2", "two"), End));

        var outcome = await Qgjob.RunAsync(["logs", Job, "--json", $"--api-url={api.Address}"]);

        var chunks = outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.LogChunk)!);
        Assert.Equal(["one", "two"], chunks.SelectMany(chunk => chunk.Lines));
    }

    [Theory]
    [InlineData("run_01k9zq3v5n7xw2c8rt4m", "logs are about one job")]
    [InlineData(Job + " --attempt=11", "--attempt is a number from 1 to 10")]
    [InlineData("", "Which job or run?")]
    public async Task Logs_AskedForWrongly_EndWithUsage(string args, string message)
    {
        var outcome = await Qgjob.RunAsync(["logs", .. args.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_OfAnUnknownJob_EndWithNothingMatched()
    {
        await using var api = await StubApi.StartAsync((context, _) => context.ProblemAsync(404, ProblemCodes.NotFound));
        Assert.Equal(3, (await Qgjob.RunAsync(["logs", Job, $"--api-url={api.Address}"])).ExitCode);
    }

    private static string Lines(string cursor, string line) => Lines(cursor, new LogChunk { Cursor = cursor, Attempt = 1, Lines = [line] });

    private static string Lines(string cursor, LogChunk chunk) => $"id: {cursor}\nevent: lines\ndata: {JsonSerializer.Serialize(chunk, ContractsJson.Default.LogChunk)}\n\n";
}
