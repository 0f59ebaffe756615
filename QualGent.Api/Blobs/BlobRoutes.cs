using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using QualGent.Api.Problems;
using QualGent.Contracts;

namespace QualGent.Api.Blobs;

/// <summary>Everything under <c>/v1/orgs/{org}/blobs</c>.</summary>
internal static class BlobRoutes
{
    private const string ContentType = "application/octet-stream";

    public static void MapBlobs(this IEndpointRouteBuilder v1)
    {
        var blobs = v1.MapGroup("/orgs/{org}/blobs").WithTags("Blobs");
        blobs.MapMethods("/{sha256}", [HttpMethods.Head], FindAsync)
            .WithName("FindBlob")
            .WithSummary("Whether a blob is there; if so, its grace time starts again.")
            .WithDescription($"404 carries the header {BlobHeaders.UploadOffset} when an upload broke off: so many bytes have come already.")
            .Refuses(404, 422);
        blobs.MapPut("/{sha256}", PutAsync)
            .WithName("PutBlob")
            .WithSummary("Stores bytes under their SHA-256.")
            .WithDescription("201 when new, 200 when it was there already. An upload that broke off goes on with 'Content-Range: bytes {offset}-{last}/{total}' and the bytes from there to the end.")
            .Accepts<Stream>(ContentType)
            .Refuses(409, 413, 415, 422, 507);
        blobs.MapGet("/{sha256}", GetAsync)
            .WithName("GetBlob")
            .WithSummary("A blob's bytes, or a range of them.")
            .Produces(StatusCodes.Status200OK, contentType: ContentType)
            .Refuses(404, 416, 422);
    }

    private static async Task<Results<Ok, ProblemResult>> FindAsync(string org, string sha256, HttpResponse response, IBlobStore store, CancellationToken cancellationToken)
    {
        if (Mistakes(org, sha256) is { } mistakes)
        {
            return mistakes;
        }

        var name = new BlobName(org, sha256);
        if (await store.TouchAsync(name, cancellationToken) is { } size)
        {
            response.ContentLength = size;
            response.ContentType = ContentType;
            response.Headers.ETag = Tag(sha256).ToString();
            response.Headers.AcceptRanges = "bytes";
            return TypedResults.Ok();
        }

        await OfferOffsetAsync(response, store, name, cancellationToken);
        return ProblemResults.NotFound("blob", sha256);
    }

    private static async Task<Results<Ok, Created, ProblemResult>> PutAsync(string org, string sha256, HttpContext context, IBlobStore store)
    {
        if (Mistakes(org, sha256) is { } mistakes)
        {
            return mistakes;
        }

        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return ProblemResults.UnsupportedMediaType(ContentType);
        }

        if (OffsetOf(request) is not { } offset)
        {
            return ProblemResults.InvalidRequest([new("Content-Range", "must be 'bytes {offset}-{last}/{total}' with last = total - 1, and the body must have that many bytes")]);
        }

        // The store counts what comes; the limit of JSON bodies is not meant.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var name = new BlobName(org, sha256);
        switch (await store.PutAsync(name, request.Body, offset, context.RequestAborted))
        {
            case BlobPut.Stored { IsNew: true }:
                return TypedResults.Created($"/v1/orgs/{org}/blobs/{sha256}");
            case BlobPut.Stored:
                return TypedResults.Ok();
            case BlobPut.WrongOffset wrong:
                await OfferOffsetAsync(context.Response, store, name, context.RequestAborted);
                return ProblemResults.WrongOffset(wrong.Offset);
            case var refused:
                return ProblemResults.Refused(refused);
        }
    }

    private static async Task<Results<FileStreamHttpResult, ProblemResult>> GetAsync(string org, string sha256, HttpResponse response, IBlobStore store, CancellationToken cancellationToken)
    {
        if (Mistakes(org, sha256) is { } mistakes)
        {
            return mistakes;
        }

        if (await store.OpenAsync(new BlobName(org, sha256), cancellationToken) is not { } content)
        {
            return ProblemResults.NotFound("blob", sha256);
        }

        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        response.Headers.ContentDisposition = "attachment"; // A browser must not run a tester's page under this address.
        return TypedResults.Stream(content, ContentType, entityTag: Tag(sha256), enableRangeProcessing: true);
    }

    private static ProblemResult? Mistakes(string org, string sha256) =>
        IdRules.Check(org, "org_id").Concat(BlobDigest.Check(sha256, "sha256")).ToArray() is { Length: > 0 } errors ? ProblemResults.InvalidRequest(errors) : null;

    private static EntityTagHeaderValue Tag(string sha256) => new($"\"{sha256}\"");

    private static async Task OfferOffsetAsync(HttpResponse response, IBlobStore store, BlobName name, CancellationToken cancellationToken)
    {
        if (await store.PartialLengthAsync(name, cancellationToken) is > 0 and var offset)
        {
            response.Headers[BlobHeaders.UploadOffset] = offset.ToString(CultureInfo.InvariantCulture);
        }
    }

    // Where the body begins in the blob; null when the header makes no sense.
    private static long? OffsetOf(HttpRequest request)
    {
        if (request.Headers.ContentRange.Count == 0)
        {
            return 0;
        }

        return ContentRangeHeaderValue.TryParse(request.Headers.ContentRange.ToString(), out var range) && range is { Unit.Value: "bytes", HasLength: true, From: { } from, To: { } to }
            && to == range.Length - 1 && (request.ContentLength is not { } bytes || bytes == to - from + 1)
            ? from
            : null;
    }
}
