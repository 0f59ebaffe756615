using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Three more attempts, exponential from two seconds with jitter, waiting as long as <c>Retry-After</c> says.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    private bool _shouldRetryAfterHeader;

    public HttpRetryStrategyOptions()
    {
        ShouldHandle = args => ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(args.Outcome));
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        ShouldRetryAfterHeader = true;
    }

    /// <summary>Whether an answer's <c>Retry-After</c> replaces the computed delay. Setting it replaces the delay generator.</summary>
    public bool ShouldRetryAfterHeader
    {
        get => _shouldRetryAfterHeader;
        set
        {
            _shouldRetryAfterHeader = value;
            DelayGenerator = value ? args => ValueTask.FromResult(ReadRetryAfter(args.Outcome.Result?.Headers.RetryAfter)) : null;
        }
    }

    // "Retry-After: 3" or "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"; a date in the past means at once.
    private static TimeSpan? ReadRetryAfter(RetryConditionHeaderValue? header)
    {
        if (header is { Date: { } date })
        {
            var wait = date - TimeProvider.System.GetUtcNow();
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
        return header?.Delta;
    }
}
