using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace QualGent.Contracts.Client;

/// <summary>Blobs: content-addressed bytes of an organisation.</summary>
public sealed partial class QualGentClient
{
    private const int UploadTries = 8;
    private static readonly TimeSpan s_uploadPause = TimeSpan.FromMilliseconds(300);

    /// <summary>Whether the API has a blob; if so, its grace time starts again.</summary>
    public async Task<bool> HasBlobAsync(string orgId, string digest, CancellationToken cancellationToken) =>
        await FindBlobAsync(orgId, digest, cancellationToken) is null;

    /// <summary>
    /// Uploads a blob unless the API has it. A broken connection is repaired by going on where it broke; it counts as broken
    /// when nothing moves for <see cref="CallTimeout"/>.
    /// </summary>
    /// <param name="orgId">Whose blob.</param>
    /// <param name="digest">SHA-256 of all of <paramref name="content"/>.</param>
    /// <param name="content">Its bytes, seekable; stays open.</param>
    /// <param name="cancellationToken">Ends the upload.</param>
    /// <returns>Whether bytes were sent: false when the API had it.</returns>
    public async Task<bool> PutBlobAsync(string orgId, string digest, Stream content, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await FindBlobAsync(orgId, digest, cancellationToken) is not { } offset)
                {
                    return false;
                }

                await SendBlobAsync(orgId, digest, content, offset < content.Length ? offset : 0, cancellationToken);
                return true;
            }
            catch (Exception e) when (attempt < UploadTries && e is ApiUnreachableException or ApiProblemException { Problem: { Code: ProblemCodes.UploadOffset } or { Status: 502 or 503 or 504 } })
            {
                await Task.Delay(s_uploadPause * Math.Pow(2, attempt - 1), time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// A blob's bytes from an offset on, as they come; nobody has compared their digest. Reading fails with an
    /// <see cref="IOException"/> when the connection breaks, or nothing comes for <see cref="CallTimeout"/>.
    /// </summary>
    public async Task<Stream> OpenBlobAsync(string orgId, string digest, CancellationToken cancellationToken, long offset = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, BlobPath(orgId, digest));
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
        }

        var response = await BoundedAsync(ct => SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct), cancellationToken);
        if (offset > 0 && response.StatusCode != HttpStatusCode.PartialContent)
        {
            response.Dispose();
            throw NotTheApi("a part of a blob was expected");
        }

        return new BoundedSilenceStream(await response.Content.ReadAsStreamAsync(cancellationToken), CallTimeout, time);
    }

    private static string BlobPath(string orgId, string digest) => $"v1/orgs/{Uri.EscapeDataString(orgId)}/blobs/{Uri.EscapeDataString(digest)}";

    // Null when it is there; otherwise the bytes that came before an upload broke off.
    private Task<long?> FindBlobAsync(string orgId, string digest, CancellationToken cancellationToken) => BoundedAsync<long?>(
        async ct =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, BlobPath(orgId, digest));
            using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct, HttpStatusCode.NotFound);
            return response.IsSuccessStatusCode ? null
                : response.Headers.TryGetValues(BlobHeaders.UploadOffset, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;
        },
        cancellationToken);

    private async Task SendBlobAsync(string orgId, string digest, Stream content, long offset, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(CallTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        content.Position = offset;
        using var request = new HttpRequestMessage(HttpMethod.Put, BlobPath(orgId, digest))
        {
            Content = new WatchedContent(content, () => silence.CancelAfter(CallTimeout)),
        };
        // A refusal comes before the bytes are sent, not in the middle of them.
        request.Headers.ExpectContinue = true;
        if (offset > 0)
        {
            request.Content.Headers.ContentRange = new ContentRangeHeaderValue(offset, content.Length - 1, content.Length);
        }

        try
        {
            using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, both.Token);
        }
        catch (OperationCanceledException e) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ApiUnreachableException($"{Address} took none of the upload's bytes for {CallTimeout.TotalSeconds:0} s", e);
        }
    }

    /// <summary>The rest of a stream as a body that tells of every step and leaves the stream open for another try.</summary>
    private sealed class WatchedContent : HttpContent
    {
        private const int ChunkBytes = 128 * 1024;
        private readonly Stream _content;
        private readonly Action _onStep;
        private readonly long _bytes;

        public WatchedContent(Stream content, Action onStep)
        {
            (_content, _onStep, _bytes) = (content, onStep, content.Length - content.Position);
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var buffer = new byte[ChunkBytes];
            for (int count; (count = await _content.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                _onStep();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes;
            return true;
        }
    }
}
