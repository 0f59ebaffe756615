using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>
/// The HTTP API as typed calls. Every call ends in a value, an <see cref="ApiProblemException"/> (the API said no), an
/// <see cref="ApiUnreachableException"/> (nobody answered) or an <see cref="ApiMismatchException"/> (something else did),
/// within <see cref="CallTimeout"/>.
/// </summary>
/// <param name="http">Its base address is the API's; retries and redirects are its business.</param>
/// <param name="time">Clock of the time-outs.</param>
public sealed partial class QualGentClient(HttpClient http, TimeProvider time)
{
    /// <summary>Longest time one call may take, its retries and the reading of its answer included.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the API is.</summary>
    public Uri Address => http.BaseAddress ?? throw new InvalidOperationException("The HTTP client has no base address.");

    /// <summary>Submits one job. The same key with the same request may be sent again: it is accepted once.</summary>
    public Task<SubmitJobResponse> SubmitJobAsync(SubmitJobRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("v1/jobs", request, ContractsJson.Default.SubmitJobRequest, ContractsJson.Default.SubmitJobResponse, idempotencyKey, cancellationToken);

    /// <summary>Submits several jobs, all or none. The same key with the same request may be sent again: it is accepted once.</summary>
    public Task<SubmitRunResponse> SubmitRunAsync(SubmitRunRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("v1/runs", request, ContractsJson.Default.SubmitRunRequest, ContractsJson.Default.SubmitRunResponse, idempotencyKey, cancellationToken);

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
    public Task RenewRunAsync(string runId, CancellationToken cancellationToken) => BoundedAsync(
        async ct =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"v1/runs/{Uri.EscapeDataString(runId)}/renew");
            (await SendAsync(request, HttpCompletionOption.ResponseContentRead, ct)).Dispose();
            return true;
        },
        cancellationToken);

    /// <summary>Runs every test of an ended run again that did not pass, as a new run. The same key may be sent again: it is accepted once.</summary>
    /// <exception cref="ApiProblemException"><see cref="ProblemCodes.NotEnded"/>, or <see cref="ProblemCodes.NothingToRerun"/> when all passed.</exception>
    public Task<SubmitRunResponse> RerunFailedAsync(string runId, string idempotencyKey, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"v1/runs/{Uri.EscapeDataString(runId)}/rerun-failed", ContractsJson.Default.SubmitRunResponse, cancellationToken, idempotencyKey);

    /// <summary>Runs the test of an ended job again, as a new run. The same key may be sent again: it is accepted once.</summary>
    /// <exception cref="ApiProblemException"><see cref="ProblemCodes.NotEnded"/>.</exception>
    public Task<SubmitRunResponse> RetryJobAsync(string jobId, string idempotencyKey, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"v1/jobs/{Uri.EscapeDataString(jobId)}/retry", ContractsJson.Default.SubmitRunResponse, cancellationToken, idempotencyKey);

    /// <summary>All devices.</summary>
    public Task<DeviceList> ListDevicesAsync(CancellationToken cancellationToken) =>
        GetAsync("v1/devices", ContractsJson.Default.DeviceList, cancellationToken);

    /// <summary>All agents.</summary>
    public Task<AgentList> ListAgentsAsync(CancellationToken cancellationToken) =>
        GetAsync("v1/agents", ContractsJson.Default.AgentList, cancellationToken);

    /// <summary>The queue at this instant.</summary>
    public Task<QueueView> GetQueueAsync(CancellationToken cancellationToken) =>
        GetAsync("v1/queue", ContractsJson.Default.QueueView, cancellationToken);

    /// <summary>Stops handing out jobs.</summary>
    public Task<PauseList> PauseAsync(PauseScope scope, CancellationToken cancellationToken) =>
        PostAsync("v1/queue/pause", scope, ContractsJson.Default.PauseScope, ContractsJson.Default.PauseList, null, cancellationToken);

    /// <summary>Hands out jobs again.</summary>
    public Task<PauseList> ResumeAsync(PauseScope scope, CancellationToken cancellationToken) =>
        PostAsync("v1/queue/resume", scope, ContractsJson.Default.PauseScope, ContractsJson.Default.PauseList, null, cancellationToken);

    /// <summary>Takes a device off duty or puts it back.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="verb"><c>drain</c>, <c>quarantine</c> or <c>resume</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<DeviceView> SetDutyAsync(string deviceId, string verb, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, $"v1/devices/{Uri.EscapeDataString(deviceId)}/{verb}", ContractsJson.Default.DeviceView, cancellationToken);

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

    private async Task<HttpResponseMessage> OpenStreamAsync(string path, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var response = await BoundedAsync(ct => SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct), cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return response;
        }

        response.Dispose();
        throw NotTheApi("an event stream was expected");
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken) => CallAsync(HttpMethod.Get, path, answer, cancellationToken);

    private Task<T> CallAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken, string? idempotencyKey = null) => BoundedAsync(
        async ct =>
        {
            using var request = new HttpRequestMessage(method, path);
            Mark(request, idempotencyKey);
            return await SendAsync(request, answer, ct);
        },
        cancellationToken);

    private Task<TAnswer> PostAsync<TRequest, TAnswer>(
        string path, TRequest body, JsonTypeInfo<TRequest> bodyType, JsonTypeInfo<TAnswer> answer, string? idempotencyKey, CancellationToken cancellationToken) => BoundedAsync(
        async ct =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            Mark(request, idempotencyKey);
            return await SendAsync(request, answer, ct);
        },
        cancellationToken);

    private static void Mark(HttpRequestMessage request, string? idempotencyKey)
    {
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), answer) ?? throw NotTheApi("the answer is 'null'");
        }
        catch (JsonException e)
        {
            throw NotTheApi($"the answer to {request.Method} /{request.RequestUri} is not the expected JSON", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken, HttpStatusCode? alsoFine = null)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new ApiUnreachableException($"{Address} does not answer: {e.Message}", e);
        }

        if (response.IsSuccessStatusCode || response.StatusCode == alsoFine)
        {
            return response;
        }

        using (response)
        {
            throw await ProblemReader.ReadAsync(response, Address, cancellationToken);
        }
    }

    // A server that accepts and then says nothing must not hold its caller.
    private async Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CallTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ApiUnreachableException($"{Address} accepted the connection but gave no full answer within {CallTimeout.TotalSeconds:0} s", e);
        }
    }

    private ApiMismatchException NotTheApi(string why, Exception? inner = null) =>
        new($"{Address} answers, but not as a QualGent API of this version does: {why}", inner);
}
