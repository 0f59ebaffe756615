using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace QualGent.ServiceDefaults;

internal static class SafeRetries
{
    /// <summary>
    /// A request is repeated only when the server may see it twice: a method without effect, or one that carries an
    /// <c>Idempotency-Key</c>. A lost answer to a plain POST must not become two submissions.
    /// </summary>
    public static void OnlyWhenSafeToRepeat(this HttpRetryStrategyOptions retry)
    {
        var inner = retry.ShouldHandle;
        retry.ShouldHandle = async args =>
        {
#pragma warning disable EXTEXP0001 // the only way to see the request when there is no answer
            var request = args.Outcome.Result?.RequestMessage ?? args.Context.GetRequestMessage();
#pragma warning restore EXTEXP0001
            return request is not null && MayRepeat(request) && await inner(args);
        };
    }

    private static bool MayRepeat(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
        || request.Headers.Contains("Idempotency-Key");
}
