using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace QualGent.Contracts;

/// <summary>The address of a blob: the SHA-256 of its bytes as 64 lower-case hex digits.</summary>
public static partial class BlobDigest
{
    /// <summary>Digest of a stream's rest.</summary>
    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));

    /// <summary>Digest of bytes at hand.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The mistake in a digest, if there is one.</summary>
    public static IEnumerable<FieldError> Check(string? digest, string field)
    {
        if (digest is null || !Digest().IsMatch(digest))
        {
            yield return new(field, "must be the SHA-256 of the content, as 64 lower-case hex digits");
        }
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Digest();
}
