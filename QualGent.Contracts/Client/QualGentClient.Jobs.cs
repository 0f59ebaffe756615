using System.Runtime.CompilerServices;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>Jobs.</summary>
public sealed partial class QualGentClient
{
    /// <summary>Submits one job. The same key with the same request may be sent again: it is accepted once.</summary>
    public Task<SubmitJobResponse> SubmitJobAsync(SubmitJobRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("v1/jobs", request, ContractsJson.Default.SubmitJobRequest, ContractsJson.Default.SubmitJobResponse, idempotencyKey, cancellationToken);

    /// <summary>One job.</summary>
    public Task<JobView> GetJobAsync(string jobId, CancellationToken cancellationToken) =>
        GetAsync($"v1/jobs/{Uri.EscapeDataString(jobId)}", ContractsJson.Default.JobView, cancellationToken);

    /// <summary>A job's executions, test by test.</summary>
    public Task<JobResults> GetResultsAsync(string jobId, CancellationToken cancellationToken) =>
        GetAsync($"v1/jobs/{Uri.EscapeDataString(jobId)}/results", ContractsJson.Default.JobResults, cancellationToken);

    /// <summary>What a job waits for.</summary>
    public Task<JobWait> WhyAsync(string jobId, CancellationToken cancellationToken) =>
        GetAsync($"v1/jobs/{Uri.EscapeDataString(jobId)}/why", ContractsJson.Default.JobWait, cancellationToken);

    /// <summary>One page of jobs.</summary>
    public Task<JobPage> ListJobsAsync(JobQuery query, CancellationToken cancellationToken) =>
        GetAsync("v1/jobs" + query.ToQueryString(), ContractsJson.Default.JobPage, cancellationToken);

    /// <summary>All pages of jobs, from the query's cursor on.</summary>
    public async IAsyncEnumerable<JobPage> ListAllJobsAsync(JobQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = query with { Limit = query.Limit ?? Limits.PageSizeMax };
        while (true)
        {
            var page = await ListJobsAsync(next, cancellationToken);
            yield return page;
            if (page.NextCursor is null || page.NextCursor == next.Cursor)
            {
                yield break;
            }

            next = next with { Cursor = page.NextCursor };
        }
    }

    /// <summary>Cancels a job; has no effect on one that has ended.</summary>
    public Task<JobView> CancelJobAsync(string jobId, string? reason, CancellationToken cancellationToken) =>
        PostAsync($"v1/jobs/{Uri.EscapeDataString(jobId)}/cancel", new CancelRequest(reason), ContractsJson.Default.CancelRequest, ContractsJson.Default.JobView, null, cancellationToken);

    /// <summary>Runs the test of an ended job again, as a new run. The same key may be sent again: it is accepted once.</summary>
    /// <exception cref="ApiProblemException"><see cref="ProblemCodes.NotEnded"/>.</exception>
    public Task<SubmitRunResponse> RetryJobAsync(string jobId, string idempotencyKey, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"v1/jobs/{Uri.EscapeDataString(jobId)}/retry", ContractsJson.Default.SubmitRunResponse, cancellationToken, idempotencyKey);
}
