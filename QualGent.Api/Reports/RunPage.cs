using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Artifacts;
using QualGent.Api.Problems;
using QualGent.Api.Runs;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Reports;

/// <summary><c>GET /v1/runs/{id}/report.html</c>.</summary>
internal static class RunPage
{
    private const string ContentType = "text/html; charset=utf-8";

    public static void Map(IEndpointRouteBuilder v1) => v1.MapGet("/runs/{id}/report.html", HandleAsync)
        .WithTags("Runs")
        .WithName("GetRunPage")
        .WithSummary("The run as one page for people: verdicts, attempts, errors, screenshots and links to all artifacts.")
        .Produces<string>(StatusCodes.Status200OK, "text/html")
        .Refuses(404);

    private static async Task<Results<PageResult, ProblemResult>> HandleAsync(string id, IJobQueue queue, IJobResults results, IJobArtifacts artifacts, CancellationToken cancellationToken) =>
        await queue.GetRunAsync(id, cancellationToken) is { } run ? new PageResult(run, queue, results, artifacts) : ProblemResults.NotFound("run", id);

    private sealed class PageResult(RunView run, IJobQueue queue, IJobResults results, IJobArtifacts artifacts) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (request, response, ended) = (httpContext.Request, httpContext.Response, httpContext.RequestAborted);
            response.ContentType = ContentType;
            response.Headers.ContentSecurityPolicy = HtmlReport.Policy;
            response.Headers.CacheControl = "private, no-cache";
            var page = new StringBuilder();
            var report = new HtmlReport(page, new Uri($"{request.Scheme}://{request.Host}{request.PathBase}/"));
            report.Begin(run);
            await foreach (var jobs in RunJobs.ReadAsync(queue, run.Id, ended))
            {
                var executions = await artifacts.ReadAsync([.. jobs.Select(job => job.WorkId)], ended);
                foreach (var (job, attempts, left) in jobs.Zip(await results.ReadAsync(jobs, ended), executions))
                {
                    report.Write(job, attempts, ListArtifacts.Of(job, left));
                    await SendAsync(page, response, ended);
                }
            }

            report.End();
            await SendAsync(page, response, ended);
        }

        private static async Task SendAsync(StringBuilder page, HttpResponse response, CancellationToken cancellationToken)
        {
            await response.WriteAsync(page.ToString(), Encoding.UTF8, cancellationToken);
            page.Clear();
        }
    }
}
