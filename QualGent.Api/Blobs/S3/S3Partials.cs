using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.Api.Blobs.S3;

/// <summary>
/// What it takes to go on with an upload that broke off, at any API instance: keys <c>partial/{org}/{digest}/{bytes}</c>, where so many bytes are
/// in the bucket already.
/// </summary>
internal sealed class S3Partials(S3Bucket bucket)
{
    private const string All = "partial/";

    /// <summary>Where an upload can go on; 0 when none broke off.</summary>
    public async Task<long> LengthAsync(BlobName name, CancellationToken cancellationToken)
    {
        var most = 0L;
        await foreach (var (_, bytes) in ListAsync(Of(name), cancellationToken))
        {
            most = Math.Max(most, bytes);
        }

        return most;
    }

    /// <summary>Bytes that uploads of an organisation which broke off have in the bucket.</summary>
    public async Task<long> MeasureAsync(string orgId, CancellationToken cancellationToken)
    {
        var sum = 0L;
        await foreach (var (_, bytes) in ListAsync($"{All}{orgId}/", cancellationToken))
        {
            sum += bytes;
        }

        return sum;
    }

    public Task KeepAsync(BlobName name, S3Partial partial, CancellationToken cancellationToken) =>
        bucket.WriteAsync(Key(name, partial.Bytes), JsonSerializer.SerializeToUtf8Bytes(partial, S3Json.Default.S3Partial), cancellationToken);

    /// <summary>
    /// Takes what broke off after so many bytes; null when there is nothing. Two that do so at once may both get it, and send the same parts: the
    /// bucket puts together only those whose tags it is shown.
    /// </summary>
    public async Task<S3Partial?> TakeAsync(BlobName name, long bytes, CancellationToken cancellationToken)
    {
        if (await bucket.ReadAsync(Key(name, bytes), 0, cancellationToken) is not { } content)
        {
            return null;
        }

        await using (content)
        {
            var partial = await ReadAsync(content, cancellationToken);
            await bucket.RemoveAsync(Key(name, bytes), cancellationToken);
            return partial;
        }
    }

    /// <summary>Gives up what broke off before an instant.</summary>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var (entry, bytes) in ListAsync(All, cancellationToken))
        {
            var parts = entry.Key.Split('/');
            if (entry.WrittenAt < before && await TakeAsync(new BlobName(parts[1], parts[2]), bytes, cancellationToken) is { } partial)
            {
                await bucket.AbortAsync(S3BlobStore.Blob(new BlobName(parts[1], parts[2])), partial.UploadId, cancellationToken);
            }
        }
    }

    // What is none, whoever wrote it, is of no use to anybody, and gone with the first look.
    private static async Task<S3Partial?> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(content, S3Json.Default.S3Partial, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Of(BlobName name) => $"{All}{name.OrgId}/{name.Digest}/";

    private static string Key(BlobName name, long bytes) => Of(name) + bytes.ToString(CultureInfo.InvariantCulture);

    private async IAsyncEnumerable<(S3Entry Entry, long Bytes)> ListAsync(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in bucket.ListAsync(beginning, cancellationToken))
        {
            if (entry.Key.Split('/') is [_, _, _, var bytes] && long.TryParse(bytes, CultureInfo.InvariantCulture, out var length))
            {
                yield return (entry, length);
            }
        }
    }
}

/// <summary>An upload that broke off.</summary>
/// <param name="UploadId">Names it to the bucket.</param>
/// <param name="Parts">Tags of its parts, which are all of one length.</param>
/// <param name="Bytes">Length of them all.</param>
/// <param name="Hash">State of the digest behind them.</param>
internal sealed record S3Partial(string UploadId, IReadOnlyList<string> Parts, long Bytes, byte[] Hash);

/// <summary>JSON of what is kept in a bucket.</summary>
[JsonSerializable(typeof(S3Partial))]
internal sealed partial class S3Json : JsonSerializerContext;
