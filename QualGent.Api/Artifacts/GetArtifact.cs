using System.Net.Mime;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using QualGent.Api.Blobs;
using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Artifacts;

/// <summary><c>GET /v1/jobs/{id}/artifacts/{name}</c>.</summary>
internal static partial class GetArtifact
{
    public static void Map(IEndpointRouteBuilder v1) => v1.MapGet("/jobs/{id}/artifacts/{**name}", HandleAsync)
        .WithTags("Artifacts")
        .WithName("GetArtifact")
        .WithSummary("One artifact's bytes, or a range of them.")
        .WithDescription("409 while the agent has yet to upload it, 410 when it is missing; the problem's detail says why.")
        .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet)
        .Refuses(404, 409, 410, 416);

    /// <summary>A media type as a test gave it, when it has the form of one.</summary>
    public static string SafeType(string type) => MediaType().IsMatch(type) ? type : MediaTypeNames.Application.Octet;

    private static async Task<Results<FileStreamHttpResult, ProblemResult>> HandleAsync(
        string id, string name, HttpResponse response, IJobQueue queue, IJobArtifacts artifacts, IBlobStore store, CancellationToken cancellationToken)
    {
        if (await queue.GetJobAsync(id, cancellationToken) is not { } job)
        {
            return ProblemResults.NotFound("job", id);
        }

        var executions = (await artifacts.ReadAsync([job.WorkId], cancellationToken))[0];
        switch (executions.SelectMany(execution => execution.Files).FirstOrDefault(file => file.Name == name))
        {
            case null:
                return ProblemResults.NotFound("artifact", name);
            case { State: ArtifactState.Pending }:
                return ProblemResults.ArtifactPending(name);
            case { Sha256: { } digest } file when await store.OpenAsync(new BlobName(job.OrgId, digest), cancellationToken) is { } content:
                Protect(response, file.Name.Split('/')[^1]);
                return TypedResults.Stream(content, SafeType(file.ContentType), entityTag: new EntityTagHeaderValue($"\"{digest}\""), enableRangeProcessing: true);
            case var file:
                return ProblemResults.ArtifactMissing(name, file.Reason ?? "its blob is not in the store any more");
        }
    }

    /// <summary>Makes sure that a browser saves a tester's file and never runs it under this address.</summary>
    public static void Protect(HttpResponse response, string fileName)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        response.Headers.CacheControl = "private, no-cache";
    }

    [GeneratedRegex(@"\A[\w.+-]{1,60}/[\w.+-]{1,100}(; ?charset=[\w-]{1,20})?\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex MediaType();
}
