using System.Text;
using QualGent.Worker.Artifacts;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Tests.Artifacts;

/// <summary>Secrets go from a file of text wherever pieces of it end, and nothing else does.</summary>
public sealed class MaskedTextTests
{
    private const string Secret = "pässword with spaces";
    private static readonly SecretMask s_mask = new(new Dictionary<string, string> { ["DB_PASSWORD"] = Secret });

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Secret_AcrossPieces_IsHidden(int pieceBytes)
    {
        var text = string.Concat(Enumerable.Range(0, 200).Select(line => $"line {line}: {Secret}, Basic\r\ninstructions follow\n"));

        Assert.Equal(text.Replace(Secret, "***", StringComparison.Ordinal), Encoding.UTF8.GetString(await MaskAsync(Encoding.UTF8.GetBytes(text), pieceBytes)));
    }

    [Fact]
    public async Task Line_WithoutAnEnd_IsMaskedInPartsThatCutNoSecret()
    {
        // One stands where a part would end, and one where it could end in its place.
        const int Part = 1024 * 1024;
        var line = new StringBuilder().Append('.', Part - 4096 - 5).Append(Secret);
        line.Append('.', Part - 5 - Encoding.UTF8.GetByteCount(line.ToString())).Append(Secret).Append('.', Part);
        var text = line.ToString();

        Assert.Equal(text.Replace(Secret, "***", StringComparison.Ordinal), Encoding.UTF8.GetString(await MaskAsync(Encoding.UTF8.GetBytes(text), 128 * 1024)));
    }

    [Fact]
    public async Task Bytes_OfAnotherEncoding_StayAsTheyAre()
    {
        var bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);

        Assert.Equal(bytes, await MaskAsync(bytes, 10_000));
    }

    private static async Task<byte[]> MaskAsync(byte[] content, int pieceBytes)
    {
        using var masked = new MemoryStream();
        await foreach (var piece in MaskedText.MaskAsync(content.Chunk(pieceBytes).ToAsyncEnumerable().Select(piece => (ReadOnlyMemory<byte>)piece), s_mask))
        {
            masked.Write(piece.Span);
        }

        return masked.ToArray();
    }
}
