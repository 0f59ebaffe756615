using System.Security.Cryptography;
using System.Text;

namespace QualGent.Contracts;

/// <summary>Key of a hook's signatures: <c>whsec_</c> and the base64 of 24 to 64 bytes, as the Standard Webhooks specification writes it.</summary>
public static class HookSecret
{
    private const string Prefix = "whsec_";
    private const int BytesMin = 24;
    private const int BytesMax = 64;
    private const int BytesOfNew = 32;

    /// <summary>A new one.</summary>
    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(BytesOfNew));

    /// <summary>The mistake in a secret, if there is one.</summary>
    public static IEnumerable<FieldError> Check(string secret, string field)
    {
        if (Key(secret) is not { Length: >= BytesMin and <= BytesMax })
        {
            yield return new(field, $"must be '{Prefix}' and the base64 of {BytesMin} to {BytesMax} random bytes; leave it out to get a new one");
        }
    }

    /// <summary>Value of <see cref="HookHeaders.Signature"/>.</summary>
    public static string Sign(string secret, string deliveryId, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key(secret) ?? throw new ArgumentException("is no secret of a hook", nameof(secret)));
        hmac.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{deliveryId}.{timestamp}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    private static byte[]? Key(string secret)
    {
        var bytes = new byte[secret.Length];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var count) ? bytes[..count] : null;
    }
}
