using System.Text;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Artifacts;

/// <summary>
/// Hides secrets in files of text on their way into the outbox, line by line as in logs, and changes no other byte of them, whatever they are
/// encoded in: every byte is read as a letter of its own.
/// </summary>
internal static class MaskedText
{
    // A longer line is masked in parts.
    private const int LineMax = 1024 * 1024;

    // Longer than any secret but a line of them.
    private const int Step = 4 * 1024;
    private const int StepsMax = 8;

    /// <summary>Whether a file of this media type is text, e.g. <c>text/plain; charset=utf-8</c>.</summary>
    public static bool Is(string contentType) =>
        contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>The pieces of a file, with every secret hidden.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> MaskAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, SecretMask mask)
    {
        var waiting = "";
        await foreach (var piece in pieces)
        {
            waiting += Encoding.Latin1.GetString(piece.Span);
            var cut = waiting.LastIndexOf('\n') + 1;
            if (cut == 0 && waiting.Length >= LineMax)
            {
                cut = BetweenSecrets(waiting, mask);
            }

            if (cut > 0)
            {
                yield return Masked(waiting[..cut], mask);
                waiting = waiting[cut..];
            }
        }

        if (waiting.Length > 0)
        {
            yield return Masked(waiting, mask);
        }
    }

    // Almost always there is none in many lines, which one look tells.
    private static byte[] Masked(string lines, SecretMask mask) =>
        Encoding.Latin1.GetBytes(mask.Apply(lines) == lines ? lines : string.Join('\n', lines.Split('\n').Select(mask.Apply)));

    // Where a long line can be cut without a secret being cut, too: both parts are masked as the whole is.
    private static int BetweenSecrets(string line, SecretMask mask)
    {
        var whole = mask.Apply(line);
        for (var step = 1; step <= StepsMax; step++)
        {
            var cut = line.Length - (step * Step);
            if (mask.Apply(line[..cut]) + mask.Apply(line[cut..]) == whole)
            {
                return cut;
            }
        }

        return line.Length;
    }
}
