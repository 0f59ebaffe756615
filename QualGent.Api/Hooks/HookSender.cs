using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Hooks;

namespace QualGent.Api.Hooks;

/// <summary>Makes one attempt: a signed POST, of whose answer only the status counts.</summary>
internal sealed class HookSender(HookConnections connections, IOptions<WebhookOptions> options, TimeProvider time) : IDisposable
{
    private const int ReasonLength = 300;
    private readonly HttpMessageInvoker _http = new(connections.NewHandler());

    /// <summary>The answer's status, or why there is none.</summary>
    public async Task<(int? Status, string? Error)> SendAsync(TakenHook hook, HookDelivery delivery, byte[] body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, hook.Hook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("QualGent-Hooks/1");
        var seconds = hook.Now.ToUnixTimeSeconds();
        request.Headers.Add(HookHeaders.Id, delivery.Id);
        request.Headers.Add(HookHeaders.Timestamp, seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(HookHeaders.Signature, HookSecret.Sign(hook.Secret, delivery.Id, seconds, body));
        try
        {
            using var response = await _http.SendAsync(request, both.Token);
            var status = (int)response.StatusCode;
            return (status, response.IsSuccessStatusCode ? null : status is >= 300 and < 400 ? $"answered {status}; redirects are not followed" : $"answered {status}");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {options.Value.Timeout.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
        {
            return (null, Explain(e));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Explain(HttpRequestException e) => (e.InnerException, e.HttpRequestError) switch
    {
        (HookRefusedException refused, _) => refused.Message,
        (SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }, _) => "the host's name cannot be resolved",
        (SocketException socket, _) => $"no connection: {socket.Message}",
        (_, HttpRequestError.SecureConnectionError) => $"no secure connection: {e.InnerException?.Message ?? e.Message}",
        // It may quote what the receiver sent.
        _ => string.Concat(e.Message.Where(letter => !char.IsControl(letter)).Take(ReasonLength)),
    };
}
