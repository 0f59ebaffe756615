using System.Globalization;
using System.IO.Compression;
using System.Text;
using QualGent.Api.Blobs;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Logs;

/// <summary>
/// A job's log with nothing left out: of every execution whose whole log is in the blob store that one, of the others what Redis
/// has. Lines have the same numbers in both, so a cursor of one goes on in the other. For one reader at a time.
/// </summary>
internal sealed class WholeLogs : IAsyncDisposable
{
    private const int LinesPerChunk = 500;
    private const int CharsPerChunk = 64 * 1024;
    private const long Finished = long.MaxValue; // number of the last line, of an execution that was read to its end
    private readonly IJobLog _log;
    private readonly IBlobStore _store;
    private readonly JobView _job;
    private readonly SortedDictionary<long, (int Attempt, string Digest)> _whole;
    private StreamReader? _reader;
    private (long Token, long Line) _at;
    private int _gap; // lines left out in front of the next one

    private WholeLogs(IJobLog log, IBlobStore store, JobView job, SortedDictionary<long, (int Attempt, string Digest)> whole) => (_log, _store, _job, _whole) = (log, store, job, whole);

    /// <summary>Looks which executions have their whole log in the store.</summary>
    public static async Task<WholeLogs> FindAsync(IJobLog log, IJobArtifacts artifacts, IBlobStore store, JobView job, CancellationToken cancellationToken)
    {
        var whole = new SortedDictionary<long, (int, string)>();
        foreach (var execution in (await artifacts.ReadAsync([job.WorkId], cancellationToken))[0])
        {
            if (execution.Files.FirstOrDefault(file => file is { Kind: ArtifactKind.Log, State: ArtifactState.Stored }) is { Sha256: { } digest })
            {
                whole[execution.Token] = (execution.Attempt, digest);
            }
        }

        return new WholeLogs(log, store, job, whole);
    }

    /// <inheritdoc cref="IJobLog.ReadAsync"/>
    public async Task<IReadOnlyList<LogChunk>> ReadAsync(int? attempt, string? cursor, CancellationToken cancellationToken)
    {
        var position = LogCursor.TryParse(cursor, out var token, out var line) ? (Token: token, Line: line) : default;
        while (true)
        {
            if (_whole.ContainsKey(position.Token) && position.Line != Finished)
            {
                if (await NextAsync(position, cancellationToken) is { } chunk)
                {
                    return [chunk];
                }

                continue; // It cannot be read: what Redis has of it is better than nothing.
            }

            var live = await _log.ReadAsync(_job.WorkId, attempt, position == default ? null : Cursor(position), cancellationToken);
            var next = _whole.FirstOrDefault(entry => entry.Key > position.Token && (attempt is null || entry.Value.Attempt == attempt));
            if (next.Key == 0)
            {
                return live;
            }

            List<LogChunk> before = [.. live.TakeWhile(chunk => LogCursor.TryParse(chunk.Cursor, out var of, out _) && of < next.Key)];
            if (before.Count > 0)
            {
                return before;
            }

            position = (next.Key, 0);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Cursor((long Token, long Line) position) => string.Create(CultureInfo.InvariantCulture, $"{position.Token}-{position.Line}");

    private async Task<LogChunk?> NextAsync((long Token, long Line) position, CancellationToken cancellationToken)
    {
        var (attempt, digest) = _whole[position.Token];
        try
        {
            if (_reader is null || _at.Token != position.Token || _at.Line > position.Line)
            {
                await OpenAsync(position.Token, digest, cancellationToken);
            }

            // A chunk tells a gap in front of its lines, so it ends where the next gap begins.
            var (lines, chars, missing) = (new List<string>(), 0, Skip(position.Line));
            while (lines.Count < LinesPerChunk && chars < CharsPerChunk && _gap == 0)
            {
                if (await _reader!.ReadLineAsync(cancellationToken) is not { } line)
                {
                    return new LogChunk { Cursor = Cursor((position.Token, Finished)), Attempt = attempt, Missing = missing, Lines = lines, IsLast = true };
                }

                if (LogChunk.TryParseGap(line, out _gap))
                {
                    missing += lines.Count == 0 ? Skip(position.Line) : 0;
                }
                else if (++_at.Line > position.Line)
                {
                    lines.Add(line);
                    chars += line.Length;
                }
            }

            return new LogChunk { Cursor = Cursor(_at), Attempt = attempt, Missing = missing, Lines = lines };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FileNotFoundException)
        {
            _whole.Remove(position.Token);
            return null;
        }
    }

    // Passes over a gap: so many lines of it are behind the position.
    private int Skip(long line)
    {
        var before = Math.Max(_at.Line, line);
        (_at.Line, _gap) = (_at.Line + _gap, 0);
        return (int)Math.Max(0, _at.Line - before);
    }

    private async Task OpenAsync(long token, string digest, CancellationToken cancellationToken)
    {
        _reader?.Dispose();
        var content = await _store.OpenAsync(new BlobName(_job.OrgId, digest), cancellationToken) ?? throw new FileNotFoundException(null, digest);
        _reader = new StreamReader(new GZipStream(content, CompressionMode.Decompress), Encoding.UTF8);
        (_at, _gap) = ((token, 0), 0);
    }
}
