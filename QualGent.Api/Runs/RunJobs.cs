using System.Runtime.CompilerServices;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Runs;

/// <summary>All jobs of a run, or those in one state, read page by page: a long run is never in memory as a whole.</summary>
internal static class RunJobs
{
    private const int JobsPerPage = 50;

    public static async IAsyncEnumerable<IReadOnlyList<JobView>> ReadAsync(IJobQueue queue, string runId, [EnumeratorCancellation] CancellationToken cancellationToken, JobStatus? status = null)
    {
        var query = new JobQuery { RunId = runId, Limit = JobsPerPage, Status = status };
        do
        {
            var page = await queue.ListJobsAsync(query, cancellationToken);
            yield return page.Jobs;
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
    }
}
