using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;

namespace QualGent.Api.Blobs.S3;

/// <summary>A key, its bytes and when it was written, by the server's clock.</summary>
internal sealed record S3Entry(string Key, long Bytes, DateTimeOffset WrittenAt);

/// <summary>
/// The few calls that every S3-compatible server has, on keys without the prefix. Trouble is a <see cref="BlobStoreException"/>; what is not
/// there is null.
/// </summary>
internal sealed class S3Bucket : IDisposable
{
    private const int InsufficientStorage = 507;
    private readonly S3Options _options;
    private readonly AmazonS3Client _s3;

    public S3Bucket(IOptions<BlobOptions> options)
    {
        _options = options.Value.S3;
        var config = new AmazonS3Config
        {
            AuthenticationRegion = _options.Region,
            // Digests are checked here; servers that are not Amazon's often do not know the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 3,
        };
        if (_options.ServiceUrl.Length > 0)
        {
            (config.ServiceURL, config.ForcePathStyle) = (_options.ServiceUrl, true);
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(_options.Region);
        }

        _s3 = _options.AccessKey.Length > 0 ? new AmazonS3Client(new BasicAWSCredentials(_options.AccessKey, _options.SecretKey), config) : new AmazonS3Client(config);
    }

    public Task<S3Entry?> FindAsync(string key, CancellationToken cancellationToken) => CallAsync<S3Entry?>(async () =>
    {
        var found = await _s3.GetObjectMetadataAsync(_options.Bucket, _options.Prefix + key, cancellationToken);
        return new S3Entry(key, found.ContentLength, Instant(found.LastModified));
    });

    /// <summary>The bytes from a position on; null when there is no such key.</summary>
    public Task<Stream?> ReadAsync(string key, long from, CancellationToken cancellationToken) => CallAsync<Stream?>(async () =>
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = _options.Prefix + key };
        if (from > 0)
        {
            request.ByteRange = new ByteRange(FormattableString.Invariant($"bytes={from}-"));
        }

        return (await _s3.GetObjectAsync(request, cancellationToken)).ResponseStream;
    });

    public Task WriteAsync(string key, byte[] content, CancellationToken cancellationToken) => WriteAsync(key, content, content.Length, cancellationToken);

    public Task WriteAsync(string key, byte[] content, int count, CancellationToken cancellationToken) => CallAsync(async () => await _s3.PutObjectAsync(
        new PutObjectRequest { BucketName = _options.Bucket, Key = _options.Prefix + key, InputStream = new MemoryStream(content, 0, count), UseChunkEncoding = false }, cancellationToken));

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => CallAsync(async () => await _s3.DeleteObjectAsync(_options.Bucket, _options.Prefix + key, cancellationToken));

    /// <summary>Keys that begin so, in their order.</summary>
    public async IAsyncEnumerable<S3Entry> ListAsync(string beginning, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix + beginning };
        while (true)
        {
            var page = (await CallAsync(() => _s3.ListObjectsV2Async(request, cancellationToken)))!;
            foreach (var item in page.S3Objects ?? [])
            {
                yield return new S3Entry(item.Key[_options.Prefix.Length..], item.Size ?? 0, Instant(item.LastModified));
            }

            if (page.IsTruncated != true)
            {
                yield break;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    /// <summary>Begins an upload in parts, of which nothing is to be seen before it is completed.</summary>
    public async Task<string> BeginAsync(string key, CancellationToken cancellationToken) =>
        (await CallAsync(() => _s3.InitiateMultipartUploadAsync(_options.Bucket, _options.Prefix + key, cancellationToken)))!.UploadId;

    /// <summary>Sends a part and returns its tag.</summary>
    public async Task<string> AddPartAsync(string key, string uploadId, int number, byte[] content, int count, CancellationToken cancellationToken)
    {
        var part = new UploadPartRequest
        {
            BucketName = _options.Bucket,
            Key = _options.Prefix + key,
            UploadId = uploadId,
            PartNumber = number,
            PartSize = count,
            InputStream = new MemoryStream(content, 0, count),
            UseChunkEncoding = false,
        };
        return (await CallAsync(() => _s3.UploadPartAsync(part, cancellationToken)))?.ETag ?? throw Forgotten();
    }

    /// <summary>Puts the parts with these tags together, in their order.</summary>
    public async Task CompleteAsync(string key, string uploadId, IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        var upload = new CompleteMultipartUploadRequest { BucketName = _options.Bucket, Key = _options.Prefix + key, UploadId = uploadId, PartETags = [.. tags.Select((tag, index) => new PartETag(index + 1, tag))] };
        _ = await CallAsync(() => _s3.CompleteMultipartUploadAsync(upload, cancellationToken)) ?? throw Forgotten();
    }

    /// <summary>Gives an upload up. A server that cannot keeps the parts until its own rules remove them.</summary>
    public Task AbortAsync(string key, string uploadId, CancellationToken cancellationToken) => WhereKnownAsync(() => CallAsync(async () => await _s3.AbortMultipartUploadAsync(
        new AbortMultipartUploadRequest { BucketName = _options.Bucket, Key = _options.Prefix + key, UploadId = uploadId }, cancellationToken)));

    /// <summary>Gives up all uploads that began before an instant, as far as the server can list them.</summary>
    public Task AbortOlderAsync(DateTimeOffset before, CancellationToken cancellationToken) => WhereKnownAsync(async () =>
    {
        var page = await CallAsync(() => _s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _options.Bucket, Prefix = _options.Prefix }, cancellationToken));
        foreach (var upload in page?.MultipartUploads?.Where(upload => Instant(upload.Initiated) < before) ?? [])
        {
            await AbortAsync(upload.Key[_options.Prefix.Length..], upload.UploadId, cancellationToken);
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _s3.Dispose();

    private static BlobStoreException Forgotten() => new("The bucket does not know the upload any more.", isFull: false);

    private static DateTimeOffset Instant(DateTime? time) => new(time!.Value.ToUniversalTime());

    private static async Task WhereKnownAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (BlobStoreException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed })
        {
        }
    }

    private static async Task<T?> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode is not "NoSuchBucket")
        {
            return default;
        }
        // Of a connection that breaks the SDK throws what was inside: an IOException.
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or TimeoutException or WebException or IOException)
        {
            throw new BlobStoreException($"The bucket does not do what is asked: {e.Message}", e is AmazonS3Exception { StatusCode: (HttpStatusCode)InsufficientStorage }, e);
        }
    }
}
