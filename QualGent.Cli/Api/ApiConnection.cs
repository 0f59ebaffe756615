using System.Net;
using Microsoft.Extensions.DependencyInjection;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Api;

/// <summary>The typed client over a connection that repeats what failed in passing.</summary>
internal static class ApiConnection
{
    private const int AnswerBytesMax = 64 * 1024 * 1024;

    public static QualGentClient Open(ApiAddress address, TimeProvider time)
    {
        var http = new HttpClient(new LazyResilienceHandler(Sockets(address)))
        {
            BaseAddress = address.Uri,
            Timeout = Timeout.InfiniteTimeSpan, // QualGentClient bounds every call, streams by their silence
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("qgjob/" + typeof(ApiConnection).Assembly.GetName().Version?.ToString(3));
        return new QualGentClient(http, time);
    }

    // A redirect would turn a POST into a GET; a proxy has no business between this machine and itself.
    private static SocketsHttpHandler Sockets(ApiAddress address) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !address.Uri.IsLoopback,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        AutomaticDecompression = DecompressionMethods.All,
    };

    /// <summary>
    /// Sends at once, and builds the standard resilience pipeline only when that failed in passing: building it takes longer
    /// than a whole call to a healthy server does.
    /// </summary>
    private sealed class LazyResilienceHandler(HttpMessageHandler sockets) : DelegatingHandler(sockets)
    {
        private HttpMessageInvoker? _resilient;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // Also because the pipeline's time-outs are none for an upload.
            if (!MayRepeat(request))
            {
                return await base.SendAsync(request, cancellationToken);
            }

            if (_resilient is null)
            {
                try
                {
                    var response = await base.SendAsync(request, cancellationToken);
                    if (!IsPassing(response))
                    {
                        return response;
                    }

                    response.Dispose();
                }
                catch (HttpRequestException)
                {
                    // Goes through the pipeline below.
                }

                _resilient = Build();
            }

            return await _resilient.SendAsync(request, cancellationToken);
        }

        // Reads change nothing; cancelling, renewing or pausing twice is doing it once; a submission carries its key.
        private static bool MayRepeat(HttpRequestMessage request) =>
            request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Headers.Contains("Idempotency-Key") || request.RequestUri!.AbsolutePath.Split('/')[^1] is "cancel" or "renew" or "pause" or "resume" or "drain" or "quarantine";

        // 429 is an answer: the queue is full or a quota used up, and stays so for the seconds a person waits.
        private static bool IsPassing(HttpResponseMessage response) =>
            response.StatusCode is HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;

        private HttpMessageInvoker Build()
        {
            var services = new ServiceCollection();
            services.AddHttpClient(nameof(ApiConnection))
                .ConfigurePrimaryHttpMessageHandler(() => new Unowned(InnerHandler!))
                .AddStandardResilienceHandler(options =>
                {
                    options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(25);
                    options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(10);
                    options.Retry.MaxRetryAttempts = 3;
                    options.Retry.Delay = TimeSpan.FromMilliseconds(300);
                    options.Retry.ShouldHandle = args => ValueTask.FromResult(args.Outcome switch
                    {
                        { Result: { } response } => IsPassing(response) && MayRepeat(response.RequestMessage!),
                        { Exception: HttpRequestException or Polly.Timeout.TimeoutRejectedException } => true,
                        _ => false,
                    });
                });
            var factory = services.BuildServiceProvider().GetRequiredService<IHttpMessageHandlerFactory>();
            return new HttpMessageInvoker(factory.CreateHandler(nameof(ApiConnection)));
        }
    }

    // The factory must not dispose the sockets it shares with the first attempt.
    private sealed class Unowned(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.SendAsync(request, cancellationToken);
    }
}
