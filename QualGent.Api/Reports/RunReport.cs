using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Http.HttpResults;
using QualGent.Api.Problems;
using QualGent.Api.Runs;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Reports;

/// <summary><c>GET /v1/runs/{id}/report.xml</c>.</summary>
internal static class RunReport
{
    public static void Map(IEndpointRouteBuilder v1) => v1.MapGet("/runs/{id}/report.xml", HandleAsync)
        .WithTags("Runs")
        .WithName("GetRunReport")
        .WithSummary("The run as JUnit XML; a test without a verdict is an error in it.")
        .Produces<string>(StatusCodes.Status200OK, "application/xml")
        .Refuses(404);

    private static async Task<Results<ReportResult, ProblemResult>> HandleAsync(string id, IJobQueue queue, IJobResults results, CancellationToken cancellationToken) =>
        await queue.GetRunAsync(id, cancellationToken) is { } run ? new ReportResult(run, queue, results) : ProblemResults.NotFound("run", id);

    /// <summary>Written page by page: a long run's report is never in memory as a whole.</summary>
    private sealed class ReportResult(RunView run, IJobQueue queue, IJobResults results) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (output, ended) = (httpContext.Response.Body, httpContext.RequestAborted);
            httpContext.Response.ContentType = "application/xml; charset=utf-8";
            using var page = new MemoryStream();
            using var xml = XmlWriter.Create(page, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
            var report = new JUnitReport(xml, run);
            report.Begin();
            await WriteJobsAsync(run.Id, areInherited: false);

            // What passed in the runs before and did not run again belongs to the suite as well, as far as those runs are still known.
            for (var child = run; child is { Inherited: > 0, ParentRunId: { } parentId } && await queue.GetRunAsync(parentId, ended) is { } parent; child = parent)
            {
                await WriteJobsAsync(parentId, areInherited: true);
            }

            report.End();
            xml.Flush();
            await SendAsync(page, output, ended);

            async Task WriteJobsAsync(string runId, bool areInherited)
            {
                await foreach (var jobs in RunJobs.ReadAsync(queue, runId, ended, areInherited ? JobStatus.Passed : null))
                {
                    foreach (var (job, attempts) in jobs.Zip(await results.ReadAsync(jobs, ended)))
                    {
                        report.Write(job, attempts, areInherited);
                        xml.Flush();
                        await SendAsync(page, output, ended);
                    }
                }
            }
        }

        private static async Task SendAsync(MemoryStream page, Stream output, CancellationToken cancellationToken)
        {
            await output.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), cancellationToken);
            page.SetLength(0);
        }
    }
}
