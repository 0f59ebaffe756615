using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

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
        string path, TRequest body, JsonTypeInfo<TRequest> bodyType, JsonTypeInfo<TAnswer> answer, string? idempotencyKey, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, path, body, bodyType, answer, cancellationToken, idempotencyKey);

    private Task<TAnswer> CallAsync<TRequest, TAnswer>(
        HttpMethod method, string path, TRequest body, JsonTypeInfo<TRequest> bodyType, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken, string? idempotencyKey = null) => BoundedAsync(
        async ct =>
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            Mark(request, idempotencyKey);
            return await SendAsync(request, answer, ct);
        },
        cancellationToken);

    // A call whose answer says only that it was done.
    private async Task DoAsync(HttpMethod method, string path, CancellationToken cancellationToken) => await BoundedAsync(
        async ct =>
        {
            using var request = new HttpRequestMessage(method, path);
            (await SendAsync(request, HttpCompletionOption.ResponseContentRead, ct)).Dispose();
            return true;
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
