using System.Runtime.CompilerServices;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>Runs, and their events as they happen.</summary>
public sealed partial class QualGentClient
{
    /// <summary>Submits several jobs, all or none. The same key with the same request may be sent again: it is accepted once.</summary>
    public Task<SubmitRunResponse> SubmitRunAsync(SubmitRunRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("v1/runs", request, ContractsJson.Default.SubmitRunRequest, ContractsJson.Default.SubmitRunResponse, idempotencyKey, cancellationToken);

    /// <summary>One page of runs. It may be short, or empty, and still have a next one.</summary>
    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        GetAsync("v1/runs" + query.ToQueryString(), ContractsJson.Default.RunPage, cancellationToken);

    /// <summary>One run.</summary>
    public Task<RunView> GetRunAsync(string runId, CancellationToken cancellationToken) =>
        GetAsync($"v1/runs/{Uri.EscapeDataString(runId)}", ContractsJson.Default.RunView, cancellationToken);

    /// <summary>Cancels every job of a run that has not ended.</summary>
    public Task<RunView> CancelRunAsync(string runId, string? reason, CancellationToken cancellationToken) =>
        PostAsync($"v1/runs/{Uri.EscapeDataString(runId)}/cancel", new CancelRequest(reason), ContractsJson.Default.CancelRequest, ContractsJson.Default.RunView, null, cancellationToken);

    /// <summary>Says that the submitter of a run with a lease still waits for it.</summary>
    public Task RenewRunAsync(string runId, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Post, $"v1/runs/{Uri.EscapeDataString(runId)}/renew", cancellationToken);

    /// <summary>Runs every test of an ended run again that did not pass, as a new run. The same key may be sent again: it is accepted once.</summary>
    /// <exception cref="ApiProblemException"><see cref="ProblemCodes.NotEnded"/>, or <see cref="ProblemCodes.NothingToRerun"/> when all passed.</exception>
    public Task<SubmitRunResponse> RerunFailedAsync(string runId, string idempotencyKey, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"v1/runs/{Uri.EscapeDataString(runId)}/rerun-failed", ContractsJson.Default.SubmitRunResponse, cancellationToken, idempotencyKey);

    /// <summary>
    /// Reads one connection's events of a run until the server ends it. A broken connection is an
    /// <see cref="ApiUnreachableException"/>; <see cref="RunFollower"/> connects again.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="lastEventId">Cursor of the last event seen, to go on behind it; null for a snapshot.</param>
    /// <param name="silence">Longest silence, keep-alive comments included, before the connection counts as lost.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<RunEvent> ReadRunEventsAsync(string runId, string? lastEventId, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenStreamAsync($"v1/runs/{Uri.EscapeDataString(runId)}/events", lastEventId, cancellationToken);
        await using var body = new BoundedSilenceStream(await response.Content.ReadAsStreamAsync(cancellationToken), silence, time);
        await foreach (var item in RunEventParser.ParseAsync(body, cancellationToken))
        {
            yield return item;
        }
    }
}
