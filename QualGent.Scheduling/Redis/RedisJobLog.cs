using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Logs as one stream per job. An entry's id is <c>token-line</c>, so entries sort by execution and the numbers show gaps.</summary>
internal sealed class RedisJobLog(QueueScripts scripts, QueueHints hints) : IJobLog
{
    private const int EntriesPerRead = 32;

    /// <inheritdoc/>
    public async Task<WriteStatus> AppendAsync(JobHandle job, LogPiece piece, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
        [
            job.JobId, job.Token, job.DeviceId, job.Epoch, piece.Attempt, piece.LastLine, string.Concat(piece.Lines.Select(line => line + '\n')), piece.IsLast ? 1 : 0,
            .. piece.Removed.Select(line => (RedisValue)line),
        ];
        return (string?)await scripts.RunAsync("write_log", arguments) switch
        {
            "done" => WriteStatus.Done,
            "duplicate" => WriteStatus.Duplicate,
            _ => WriteStatus.Stale,
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogChunk>> ReadAsync(string jobId, int? attempt, string? cursor, CancellationToken cancellationToken)
    {
        var chunks = new List<LogChunk>();
        var position = Parse(cursor) ?? default;
        while (chunks.Count == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // XRANGE answers [["1763806888000123-40", ["attempt", "1", "lines", "first\nsecond\n", "last", "0"]], …]
            var from = position == default ? "-" : string.Create(CultureInfo.InvariantCulture, $"({position.Token}-{position.Line}");
            var entries = (RedisResult[])(await scripts.Database.ExecuteAsync("XRANGE", (RedisKey)scripts.Keys.Log(jobId), from, "+", "COUNT", EntriesPerRead).InTime())!;
            if (entries.Length == 0)
            {
                break;
            }

            foreach (var entry in entries)
            {
                var parts = (RedisResult[])entry!;
                var chunk = Chunk((string)parts[0]!, (string[])parts[1]!, position, out position);
                if (attempt is null || chunk.Attempt == attempt)
                {
                    chunks.Add(chunk);
                }
            }
        }

        return chunks;
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> WatchAsync(string jobId, Action onNews, CancellationToken cancellationToken) =>
        hints.SubscribeAsync(scripts.Keys.Lines(jobId), _ => onNews());

    private static LogChunk Chunk(string id, string[] fields, (long Token, long Line) before, out (long Token, long Line) position)
    {
        position = Parse(id) ?? throw new InvalidOperationException($"A log has the entry '{id}'.");
        var lines = fields[3].Split('\n')[..^1]; // each ends with a line break
        var numbers = Math.Max(1, lines.Length); // an end without lines has a number of its own
        var seen = before.Token == position.Token ? before.Line : 0;
        return new LogChunk
        {
            Cursor = id,
            Attempt = int.Parse(fields[1], CultureInfo.InvariantCulture),
            Missing = (int)(position.Line - numbers - seen),
            Lines = lines,
            IsLast = fields[5] == "1",
        };
    }

    private static (long Token, long Line)? Parse(string? cursor) => LogCursor.TryParse(cursor, out var token, out var line) ? (token, line) : null;
}
