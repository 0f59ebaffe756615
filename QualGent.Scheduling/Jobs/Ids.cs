using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace QualGent.Scheduling.Jobs;

/// <summary>
/// Makes the ids of the pool: a prefix and 20 Crockford base-32 characters, ten of milliseconds since 1970 and ten random
/// ones, so that ids sort by age (the idea of github.com/ulid/spec, shorter). Job ids are derived from their run's id,
/// which makes expanding a run repeatable: <c>run_01k9…</c> has the jobs <c>job_01k9…_0</c>, <c>job_01k9…_1</c>. So are those of a matrix's
/// cells: <c>run_01k9….0</c> with <c>job_01k9….0_0</c>.
/// </summary>
public static class Ids
{
    private const int RunLength = 24;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly SearchValues<char> s_alphabet = SearchValues.Create(Alphabet);

    /// <summary>A new run id.</summary>
    public static string NewRun(TimeProvider time) => "run_" + Unique(time);

    /// <summary>A new batch id.</summary>
    public static string NewBatch(TimeProvider time) => "bat_" + Unique(time);

    /// <summary>A new agent id; an agent keeps it in its state folder for all its lives.</summary>
    public static string NewAgent(TimeProvider time) => "agt_" + Unique(time);

    /// <summary>A new hook id.</summary>
    public static string NewHook(TimeProvider time) => "hook_" + Unique(time);

    /// <summary>The id of a run's n-th job, counted from 0.</summary>
    public static string Job(string runId, int index) => string.Create(CultureInfo.InvariantCulture, $"job_{runId.AsSpan(4)}_{index}");

    /// <summary>The run of a job id and its index, or false when the text is no job id.</summary>
    public static bool TryParseJob(string? jobId, out string runId, out int index)
    {
        runId = "";
        index = -1;
        if (jobId is null || !jobId.StartsWith("job_", StringComparison.Ordinal) || jobId.LastIndexOf('_') is not (> 4 and var split))
        {
            return false;
        }

        runId = "run_" + jobId[4..split];
        return IsRun(runId) && int.TryParse(jobId.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    /// <summary>The run of a job id that is known to be one.</summary>
    public static string RunOf(string jobId) => TryParseJob(jobId, out var runId, out _) ? runId : throw new FormatException($"'{jobId}' is not a job id.");

    /// <summary>The run of a matrix's n-th cell, counted from 0.</summary>
    public static string Cell(string matrixId, int index) => string.Create(CultureInfo.InvariantCulture, $"{matrixId}.{index}");

    /// <summary>The matrix that a run is a cell of; null for a run of its own.</summary>
    public static string? MatrixOf(string runId) => runId.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? runId[..dot] : null;

    /// <summary>Whether the text has the form of a run id, a cell's included.</summary>
    public static bool IsRun(string? text) => text is { Length: >= RunLength } && text.StartsWith("run_", StringComparison.Ordinal)
        && text.AsSpan(4, RunLength - 4).IndexOfAnyExcept(s_alphabet) < 0
        && (text.Length == RunLength || (int.TryParse(text.AsSpan(RunLength + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && text == Cell(text[..RunLength], index)));

    /// <summary>The id of a device: the same for the same host and serial, whoever registers it.</summary>
    public static string Device(string host, string serial)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{host}\n{serial}"));
        return "dev_" + string.Create(20, hash, (chars, bytes) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = Alphabet[bytes[i] & 31];
            }
        });
    }

    private static string Unique(TimeProvider time) => string.Create(20, time.GetUtcNow().ToUnixTimeMilliseconds(), (chars, ms) =>
    {
        for (var i = 9; i >= 0; i--, ms >>= 5)
        {
            chars[i] = Alphabet[(int)(ms & 31)];
        }

        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        for (var i = 0; i < random.Length; i++)
        {
            chars[10 + i] = Alphabet[random[i] & 31];
        }
    });
}
