using QualGent.Contracts;

namespace QualGent.Scheduling.Queue;

/// <summary>
/// What the tests of a job print while they run, bounded: the first and the last lines of every execution. Lines may be missing,
/// and writing them never decides anything about a job.
/// </summary>
public interface IJobLog
{
    /// <summary>Adds lines; only who holds the job's newest token may. May be repeated.</summary>
    Task<WriteStatus> AppendAsync(JobHandle job, LogPiece piece, CancellationToken cancellationToken);

    /// <summary>The lines behind a cursor, oldest first, at most a few hundred kilobytes at once.</summary>
    /// <param name="jobId">The job; an unknown one has no lines.</param>
    /// <param name="attempt">Only those of this attempt, counted from 1; null for all.</param>
    /// <param name="cursor">Cursor of the last chunk seen, or null for the beginning.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Empty when nothing is new.</returns>
    Task<IReadOnlyList<LogChunk>> ReadAsync(string jobId, int? attempt, string? cursor, CancellationToken cancellationToken);

    /// <summary>Calls back whenever there may be new lines; a hint that can be lost.</summary>
    Task<IAsyncDisposable> WatchAsync(string jobId, Action onNews, CancellationToken cancellationToken);
}

/// <summary>Lines that were printed at about the same time.</summary>
/// <param name="Attempt">Attempt of the job, counted from 1.</param>
/// <param name="LastLine">Number of the last of them, counted from 1 in each execution; a number that is passed over says that a line was left out.</param>
/// <param name="Lines">The lines, without line breaks.</param>
/// <param name="IsLast">Nothing follows in this execution.</param>
/// <param name="Removed">Last lines of earlier pieces that make room.</param>
public sealed record LogPiece(int Attempt, int LastLine, IReadOnlyList<string> Lines, bool IsLast, IReadOnlyList<int> Removed);
