using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using QualGent.Api.Problems;

namespace QualGent.Api.Hosting;

/// <summary>A request body: what was read, or the problem that kept it from being read.</summary>
/// <param name="Value">The object; null with a problem.</param>
/// <param name="Hash">The first 128 bits of the bytes' SHA-256 in base64, when asked for.</param>
/// <param name="Problem">Why there is no value.</param>
internal readonly record struct JsonBody<T>(T? Value, string? Hash, ProblemResult? Problem) where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsRead => Problem is null;
}

/// <summary>Reads JSON bodies. Works on the raw bytes itself because the hash of an idempotency key is taken over them.</summary>
internal static class JsonBody
{
    /// <summary>Whether the request has no body, where it is optional.</summary>
    public static bool IsAbsent(HttpRequest request) => request.ContentLength is 0 || (request.ContentLength is null && request.Headers.TransferEncoding.Count == 0);

    public static async ValueTask<JsonBody<T>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, bool withHash, CancellationToken cancellationToken) where T : class
    {
        if (!request.HasJsonContentType())
        {
            return new(null, null, ProblemResults.UnsupportedMediaType());
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                var body = Parse(read.Buffer, type, withHash);
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonBody<T> Parse<T>(ReadOnlySequence<byte> bytes, JsonTypeInfo<T> type, bool withHash) where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = type.Options.MaxDepth });
            var value = JsonSerializer.Deserialize(ref reader, type);
            reader.Read(); // Throws when anything but white space follows.
            return value is null
                ? new(null, null, ProblemResults.MalformedJson(null, "The body is null; an object is expected."))
                : new(value, withHash ? Hash(bytes) : null, null);
        }
        catch (JsonException e)
        {
            return new(null, null, JsonMistake.Explain(e, type));
        }
    }

    private static string Hash(ReadOnlySequence<byte> bytes)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in bytes)
        {
            sha256.AppendData(segment.Span);
        }

        return Convert.ToBase64String(sha256.GetHashAndReset().AsSpan(0, 16));
    }
}
