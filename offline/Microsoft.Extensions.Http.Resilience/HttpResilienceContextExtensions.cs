using System.Diagnostics.CodeAnalysis;

namespace Polly;

/// <summary>Lets a strategy see the request it guards, also when there is no answer.</summary>
[Experimental("EXTEXP0001")]
public static class HttpResilienceContextExtensions
{
    internal static readonly ResiliencePropertyKey<HttpRequestMessage?> RequestKey = new("Offline.Http.Request");

    /// <summary>The request being sent, or null outside the resilience handler.</summary>
    public static HttpRequestMessage? GetRequestMessage(this ResilienceContext context) =>
        context.Properties.TryGetValue(RequestKey, out var request) ? request : null;
}
