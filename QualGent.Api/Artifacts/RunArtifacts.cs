using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Blobs;
using QualGent.Api.Problems;
using QualGent.Api.Runs;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Artifacts;

/// <summary><c>GET /v1/runs/{id}/artifacts.zip</c>.</summary>
internal static class RunArtifacts
{
    private const string ContentType = "application/zip";

    public static void Map(IEndpointRouteBuilder v1) => v1.MapGet("/runs/{id}/artifacts.zip", HandleAsync)
        .WithTags("Artifacts")
        .WithName("GetRunArtifacts")
        .WithSummary("All artifacts of a run as one zip, written while it is read.")
        .WithDescription("A folder per job, in it one per attempt, and a file artifacts.json that lists them with those that are missing. A zip that is cut off has no table of contents, so no program takes it for a whole one.")
        .Produces(StatusCodes.Status200OK, contentType: ContentType)
        .Refuses(404);

    private static async Task<Results<ZipResult, ProblemResult>> HandleAsync(string id, IJobQueue queue, IJobArtifacts artifacts, IBlobStore store, CancellationToken cancellationToken) =>
        await queue.GetRunAsync(id, cancellationToken) is { } run ? new ZipResult(run, queue, artifacts, store) : ProblemResults.NotFound("run", id);

    private sealed class ZipResult(RunView run, IJobQueue queue, IJobArtifacts artifacts, IBlobStore store) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var ended = httpContext.RequestAborted;
            httpContext.Response.ContentType = ContentType;
            GetArtifact.Protect(httpContext.Response, run.Id + ".zip");
            var zip = await ArtifactZip.BeginAsync(new PipeOutput(httpContext.Response.BodyWriter), store, ended);
            await foreach (var jobs in RunJobs.ReadAsync(queue, run.Id, ended))
            {
                foreach (var (job, executions) in jobs.Zip(await artifacts.ReadAsync([.. jobs.Select(job => job.WorkId)], ended)))
                {
                    await zip.AddAsync(job, ListArtifacts.Of(job, executions), ended);
                }
            }

            // Not in a finally: without its end the zip shows that it is not whole.
            await zip.EndAsync();
            await httpContext.Response.BodyWriter.FlushAsync(ended);
        }
    }
}
